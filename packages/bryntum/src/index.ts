export { bindBryntum } from "./bind.ts";
