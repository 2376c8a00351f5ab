/** Every bug by its name: [the rules that it breaks, change(server)]. */

import { authentication } from "./authentication.mjs";
import { billing } from "./billing.mjs";
import { body } from "./body.mjs";
import { cors } from "./cors.mjs";
import { results } from "./results.mjs";
import { submission } from "./submission.mjs";

export const bugs = { ...authentication, ...submission, ...body, ...results, ...billing, ...cors };
