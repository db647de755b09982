import { randomUUID } from "node:crypto";

export const newId = (): string => randomUUID().replaceAll("-", "").slice(0, 20);
export const newEpoch = (): string => randomUUID().slice(0, 8);
