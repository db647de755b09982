"use client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { en } from "./en.ts";
import type { PartTexts } from "./texts.ts";

const TextContext = createContext<PartTexts>(en);

/** Texts of the parts below: a whole table (`nl`), or single texts over the table around. */
export function TextProvider({ texts, children }: { readonly texts: Partial<PartTexts>; readonly children: ReactNode }): ReactNode {
  const around = useContext(TextContext);
  const value = useMemo(() => ({ ...around, ...texts }), [around, texts]);
  return <TextContext.Provider value={value}>{children}</TextContext.Provider>;
}

export const useTexts = (): PartTexts => useContext(TextContext);
