import type { ConstraintType, DependencyType } from "@livegantt/core";

/** The town's old fire station becomes a community library. Rows are in outline order. */
export interface TaskRow {
  readonly id: string;
  readonly level: 1 | 2 | 3;
  readonly name: string;
  /** "4d", "6h", "2w"; "0d" is a milestone; left out on summaries. */
  readonly duration?: string;
  readonly done?: number;
  /** Resource ids, `@50` behind one means half of its time. */
  readonly who?: string;
  readonly crew?: true;
  readonly constraint?: readonly [ConstraintType, string];
  readonly deadline?: string;
  readonly manual?: string;
  readonly note?: string;
  readonly color?: string;
  readonly late?: true;
  /** Duration when the baseline was taken, where it has changed since. */
  readonly planned?: string;
}

export const taskRows: readonly TaskRow[] = [
  { id: "funding", level: 1, name: "Mandate and funding", color: "indigo" },
  { id: "council-vote", level: 2, name: "Town council approves the project", duration: "0d", done: 100, constraint: ["muststarton", "2026-11-02T08:00:00"] },
  { id: "steering-group", level: 2, name: "Set up the steering group", duration: "2d", done: 100, who: "lead" },
  {
    id: "needs-survey",
    level: 2,
    name: "Survey readers, schools and clubs",
    duration: "8d",
    planned: "6d",
    done: 100,
    who: "librarian volunteers@50",
    note: "412 answers. Most wanted: evening hours, quiet study places, a repair café.",
  },
  { id: "concept", level: 2, name: "Write the concept", duration: "5d", done: 100, who: "lead@50 librarian" },
  {
    id: "grant-application",
    level: 2,
    name: "Apply for the state grant",
    duration: "4d",
    done: 60,
    who: "lead",
    deadline: "2026-11-30T17:00:00",
    note: "The office takes only complete applications:\n- concept\n- cost estimate\n- lease draft",
  },
  { id: "donors", level: 2, name: "Win founding donors", duration: "3w", done: 35, who: "lead@25 volunteers@20" },
  { id: "funding-secured", level: 2, name: "Funding secured", duration: "0d", deadline: "2027-01-15T17:00:00" },

  { id: "design", level: 1, name: "Design and permits", color: "teal" },
  { id: "building-survey", level: 2, name: "Survey the fire station", duration: "3d", done: 100, who: "architect" },
  { id: "room-plan", level: 2, name: "Room plan", duration: "6d", done: 80, who: "architect librarian@30" },
  { id: "acoustics", level: 2, name: "Acoustics report for the hall", duration: "4d", who: "acoustics" },
  { id: "cost-estimate", level: 2, name: "Cost estimate", duration: "3d", done: 40, who: "architect purchasing@50" },
  { id: "fire-safety", level: 2, name: "Fire safety concept", duration: "4d", who: "architect" },
  { id: "permit-application", level: 2, name: "Hand in the building permit", duration: "1d", who: "architect" },
  { id: "permit-review", level: 2, name: "Town reviews the permit", duration: "4w", note: "The building office answers within twenty working days." },
  { id: "permit", level: 2, name: "Building permit", duration: "0d" },
  { id: "detail-drawings", level: 2, name: "Drawings for the trades", duration: "8d", who: "architect" },

  { id: "works", level: 1, name: "Building works", color: "orange" },
  { id: "tender", level: 2, name: "Tender", color: "orange" },
  { id: "tender-documents", level: 3, name: "Tender documents", duration: "5d", who: "purchasing architect@40" },
  { id: "offers", level: 3, name: "Companies make their offers", duration: "3w" },
  { id: "award", level: 3, name: "Award the contracts", duration: "2d", who: "lead purchasing" },
  { id: "shell", level: 2, name: "Shell", color: "orange" },
  {
    id: "site-setup",
    level: 3,
    name: "Set up the site",
    duration: "2d",
    crew: true,
    who: "site-manager",
    constraint: ["startnoearlierthan", "2027-01-25T07:00:00"],
  },
  { id: "strip-out", level: 3, name: "Strip out garages and hose tower", duration: "6d", crew: true, who: "site-manager@50 carpenters" },
  { id: "windows", level: 3, name: "Enlarge the street windows", duration: "8d", crew: true, who: "carpenters" },
  { id: "roof", level: 3, name: "Insulate the roof", duration: "7d", crew: true, who: "carpenters@200" },
  { id: "screed", level: 3, name: "Pour the floor screed", duration: "3d", crew: true, who: "site-manager@50" },
  { id: "screed-dry", level: 3, name: "Screed is dry", duration: "0d", note: "Three weeks of drying, measured before the floor is laid." },
  { id: "services", level: 2, name: "Services", color: "orange" },
  { id: "wiring", level: 3, name: "Wiring and lighting", duration: "9d", crew: true, who: "electricians@200" },
  { id: "network-cabling", level: 3, name: "Network cabling", duration: "4d", crew: true, who: "electricians" },
  { id: "heating", level: 3, name: "Heating and ventilation", duration: "10d", crew: true, who: "site-manager@30" },
  { id: "lift", level: 3, name: "Install the lift", duration: "5d", crew: true, constraint: ["finishnolaterthan", "2027-05-14T15:30:00"] },
  { id: "interior", level: 2, name: "Interior", color: "orange" },
  { id: "plaster", level: 3, name: "Plaster the walls", duration: "6d", crew: true, who: "painters" },
  { id: "paint", level: 3, name: "Paint", duration: "7d", crew: true, who: "painters@200" },
  { id: "flooring", level: 3, name: "Lay the floor", duration: "6d", crew: true, who: "carpenters@200" },
  { id: "acoustic-panels", level: 3, name: "Hang the acoustic panels", duration: "3d", crew: true, who: "carpenters" },
  { id: "building-check", level: 2, name: "Acceptance by the town", duration: "1d", who: "lead architect" },
  { id: "handover", level: 2, name: "Building handed over", duration: "0d", deadline: "2027-06-04T17:00:00" },

  { id: "collection", level: 1, name: "Collection", color: "purple" },
  { id: "collection-profile", level: 2, name: "Collection profile", duration: "4d", who: "librarian" },
  { id: "call-for-books", level: 2, name: "Call for book donations", duration: "6w", who: "volunteers@30" },
  { id: "sort-donations", level: 2, name: "Sort the donations", duration: "5w", who: "volunteers" },
  { id: "buy-books", level: 2, name: "Choose and order 6,000 new media", duration: "4w", who: "librarian@60 purchasing@40" },
  { id: "deliveries", level: 2, name: "Deliveries arrive", duration: "3w" },
  { id: "catalogue", level: 2, name: "Catalogue and label", duration: "7w", who: "librarian@40 volunteers@200" },
  { id: "move-in", level: 2, name: "Books on the shelves", duration: "5d", who: "volunteers@400 librarian" },

  { id: "systems", level: 1, name: "Systems and equipment", color: "blue" },
  { id: "choose-system", level: 2, name: "Choose the library system", duration: "6d", who: "it librarian@30" },
  { id: "data-protection", level: 2, name: "Data protection check", duration: "3d", who: "it" },
  { id: "install-system", level: 2, name: "Install and configure", duration: "8d", who: "it" },
  { id: "reader-cards", level: 2, name: "Reader cards and gates", duration: "5d", who: "it purchasing@20" },
  { id: "computers", level: 2, name: "Public computers and printer", duration: "4d", who: "it" },
  { id: "system-test", level: 2, name: "Trial run with the friends' circle", duration: "3d", who: "it volunteers@50" },

  { id: "furniture", level: 1, name: "Furniture", color: "brown" },
  { id: "furniture-design", level: 2, name: "Design shelves and counter", duration: "5d", who: "architect" },
  { id: "furniture-order", level: 2, name: "Order the furniture", duration: "2d", who: "purchasing" },
  { id: "furniture-built", level: 2, name: "Workshop builds the furniture", duration: "2mo" },
  { id: "furniture-delivery", level: 2, name: "Deliver and assemble", duration: "4d", crew: true, who: "carpenters" },
  { id: "signs", level: 2, name: "Signs and lettering", duration: "6d", who: "architect@20" },
  {
    id: "reading-garden",
    level: 2,
    name: "Reading garden",
    duration: "8d",
    late: true,
    who: "volunteers@300",
    note: "As late as possible: the yard is the builders' store until then.",
  },

  { id: "team", level: 1, name: "Team and community", color: "green" },
  { id: "hire", level: 2, name: "Hire two librarians", duration: "6w", who: "lead@20" },
  { id: "volunteer-days", level: 2, name: "Train the volunteers", duration: "6d", who: "librarian volunteers@300" },
  { id: "house-rules", level: 2, name: "Opening hours and house rules", duration: "3d", who: "librarian lead@20" },
  { id: "programme", level: 2, name: "Programme of the first season", duration: "8d", who: "librarian" },
  { id: "press", level: 2, name: "Website, press, posters", duration: "10d", who: "lead@40" },
  { id: "name-contest", level: 2, name: "Children choose the mascot", duration: "2d", manual: "2027-03-11T08:00:00", who: "volunteers" },

  { id: "opening", level: 1, name: "Opening", color: "red" },
  { id: "soft-opening", level: 2, name: "Week of trial opening", duration: "5d", who: "librarian volunteers@300 it@50" },
  { id: "fixes", level: 2, name: "Mend what the trial showed", duration: "3d", who: "it site-manager" },
  { id: "invitations", level: 2, name: "Invitations are out", duration: "0d" },
  { id: "festival-setup", level: 2, name: "Prepare the festival", duration: "2d", who: "volunteers@400" },
  { id: "open", level: 2, name: "Library opens", duration: "0d", deadline: "2027-07-16T17:00:00" },
];

/** From, to, type ("FS" where left out), lag ("2d", "-1d"). */
export type LinkRow = readonly [from: string, to: string, type?: keyof typeof linkTypeOf, lag?: string];
export const linkTypeOf = { SS: 0, SF: 1, FS: 2, FF: 3 } as const satisfies Record<string, DependencyType>;

export const linkRows: readonly LinkRow[] = [
  ["council-vote", "steering-group"],
  ["steering-group", "needs-survey"],
  ["needs-survey", "concept", "SS", "4d"],
  ["concept", "grant-application"],
  ["cost-estimate", "grant-application", "FF"],
  ["concept", "donors"],
  ["grant-application", "funding-secured", "FS", "5w"],
  ["donors", "funding-secured"],
  ["council-vote", "building-survey"],
  ["building-survey", "room-plan", "FS", "1d"],
  ["concept", "room-plan", "FF", "2d"],
  ["room-plan", "acoustics"],
  ["room-plan", "cost-estimate", "FS", "-2d"],
  ["room-plan", "fire-safety"],
  ["fire-safety", "permit-application"],
  ["acoustics", "permit-application"],
  ["permit-application", "permit-review"],
  ["permit-review", "permit"],
  ["permit-application", "detail-drawings"],
  ["detail-drawings", "tender-documents", "FF", "1d"],
  ["tender-documents", "offers"],
  ["offers", "award"],
  ["funding-secured", "award"],
  ["permit", "site-setup"],
  ["award", "shell"],
  ["site-setup", "strip-out"],
  ["strip-out", "windows"],
  ["strip-out", "roof", "SS", "3d"],
  ["windows", "screed"],
  ["screed", "screed-dry", "FS", "3w"],
  ["roof", "wiring"],
  ["wiring", "network-cabling", "SS", "4d"],
  ["strip-out", "heating", "FS", "2d"],
  ["heating", "lift"],
  ["services", "plaster"],
  ["plaster", "paint", "SS", "3d"],
  ["screed-dry", "flooring"],
  ["paint", "flooring", "FS", "-1d"],
  ["paint", "acoustic-panels"],
  ["interior", "building-check"],
  ["lift", "building-check"],
  ["building-check", "handover"],
  ["concept", "collection-profile"],
  ["collection-profile", "call-for-books"],
  ["call-for-books", "sort-donations", "SS", "2w"],
  ["sort-donations", "buy-books", "SS", "2w"],
  ["funding-secured", "buy-books"],
  ["buy-books", "deliveries", "SS", "2w"],
  ["install-system", "catalogue"],
  ["deliveries", "catalogue", "FF", "3w"],
  ["catalogue", "move-in"],
  ["furniture-delivery", "move-in"],
  ["funding-secured", "choose-system"],
  ["choose-system", "data-protection"],
  ["data-protection", "install-system"],
  ["install-system", "reader-cards"],
  ["network-cabling", "computers"],
  ["handover", "computers"],
  ["reader-cards", "system-test"],
  ["computers", "system-test"],
  ["room-plan", "furniture-design"],
  ["furniture-design", "furniture-order"],
  ["funding-secured", "furniture-order"],
  ["furniture-order", "furniture-built"],
  ["furniture-built", "furniture-delivery"],
  ["handover", "furniture-delivery"],
  ["paint", "signs"],
  ["signs", "soft-opening"],
  ["handover", "reading-garden"],
  ["reading-garden", "open"],
  ["funding-secured", "hire"],
  ["hire", "volunteer-days"],
  ["hire", "house-rules"],
  ["house-rules", "programme"],
  ["programme", "press", "SS", "2d"],
  ["move-in", "volunteer-days", "SF"],
  ["volunteer-days", "soft-opening"],
  ["move-in", "soft-opening"],
  ["system-test", "soft-opening"],
  ["soft-opening", "fixes"],
  ["press", "invitations"],
  ["fixes", "festival-setup"],
  ["invitations", "festival-setup", "FS", "2w"],
  ["festival-setup", "open"],
];

export const resourceRows = [
  { id: "lead", name: "Marta Lindqvist", role: "Project lead", cost: 62, calendar: "office" },
  { id: "architect", name: "Jonas Beckmann", role: "Architect", cost: 85, calendar: "office" },
  { id: "librarian", name: "Amina Haddad", role: "Head librarian", cost: 48, calendar: "office" },
  { id: "purchasing", name: "Piotr Nowak", role: "Purchasing", cost: 46, calendar: "office" },
  { id: "it", name: "Sofia Rossi", role: "Systems librarian", cost: 55, calendar: "office" },
  { id: "acoustics", name: "Klang & Raum", role: "Acoustics consultants", cost: 110, calendar: "office" },
  { id: "site-manager", name: "Tomás Ferreira", role: "Site manager", cost: 64, calendar: "site" },
  { id: "carpenters", name: "Carpenters", role: "Crew of three", cost: 52, calendar: "site", maxUnits: 300 },
  { id: "electricians", name: "Electricians", role: "Crew of two", cost: 58, calendar: "site", maxUnits: 200 },
  { id: "painters", name: "Painters", role: "Crew of two", cost: 44, calendar: "site", maxUnits: 200 },
  { id: "volunteers", name: "Friends of the library", role: "Volunteers", calendar: "office", maxUnits: 600 },
] as const;

const week = "Mon,Tue,Wed,Thu,Fri";
export const calendarRows = [
  {
    id: "office",
    name: "Office",
    week: [
      [week, "08:00", "12:00"],
      [week, "13:00", "17:00"],
    ],
    closed: [
      ["Christmas", "2026-12-24", "2026-12-27"],
      ["New Year", "2026-12-31", "2027-01-02"],
      ["Easter", "2027-03-26", "2027-03-30"],
      ["Labour Day", "2027-05-01", "2027-05-02"],
      ["Ascension", "2027-05-06", "2027-05-07"],
      ["Whit Monday", "2027-05-17", "2027-05-18"],
    ],
  },
  {
    id: "site",
    name: "Site crew",
    week: [
      [week, "07:00", "11:30"],
      [week, "12:00", "15:30"],
      ["Sat", "07:00", "12:00"],
    ],
    closed: [
      ["Winter break", "2026-12-21", "2027-01-04"],
      ["Easter", "2027-03-26", "2027-03-30"],
      ["Labour Day", "2027-05-01", "2027-05-02"],
      ["Ascension", "2027-05-06", "2027-05-07"],
      ["Whit Monday", "2027-05-17", "2027-05-18"],
    ],
  },
] as const;
