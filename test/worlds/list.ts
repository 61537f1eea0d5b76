// Every scripted world. `demo`, with real pacman, is a program of its own beside them.
import { approval } from "./approval.ts";
import { behind } from "./behind.ts";
import { empty } from "./empty.ts";
import { forbidden } from "./forbidden.ts";
import { inbox } from "./inbox.ts";
import { large } from "./large.ts";
import { quiet } from "./quiet.ts";
import { rolling } from "./rolling.ts";
import type { World } from "./stage.ts";
import { wide } from "./wide.ts";

export const WORLDS: readonly World[] = [quiet, behind, approval, inbox, rolling, large, forbidden, empty, wide];
