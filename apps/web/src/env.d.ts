/// <reference types="vite/client" />
declare module "@livegantt/styles";
