"use client";
import { type CSSProperties, type ReactNode, useState } from "react";
import { initialsOf } from "./initials.ts";

export interface AvatarProps {
  readonly name: string;
  readonly color: string;
  readonly image?: string | undefined;
  readonly title?: string | undefined;
  /** Makes it a button, e.g. to follow that person. */
  readonly onClick?: (() => void) | undefined;
}

/** A person's picture, or the initials on that person's colour where there is none or it does not load. */
export function Avatar({ name, color, image, title = name, onClick }: AvatarProps): ReactNode {
  const [broken, setBroken] = useState(false);
  const style = { "--lg-user-color": color } as CSSProperties;
  const face =
    image && !broken ? <img src={image} alt={name} title={title} onError={() => setBroken(true)} style={{ borderColor: color }} /> : initialsOf(name);
  if (onClick)
    return (
      <button type="button" className="lg-avatar" style={style} title={title} aria-label={title} onClick={onClick}>
        {face}
      </button>
    );
  return image && !broken ? (
    face
  ) : (
    <span className="lg-avatar" style={style} title={title} role="img" aria-label={title}>
      {face}
    </span>
  );
}
