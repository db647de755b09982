/**
 * MS Project wants a derived calendar for every resource and some calendar for the project, where a plan may name a shared one or none.
 * The calendars that an export adds for that carry a GUID of this beginning, so that an import of the same file does not take them for the plan's own.
 */
const addedGuid = "6C697665-6761-4E74-8000-";

export const guidOfAdded = (uid: number): string => addedGuid + uid.toString(16).toUpperCase().padStart(12, "0");
export const isAddedGuid = (guid: string | undefined): boolean => guid?.toUpperCase().startsWith(addedGuid) ?? false;
