// Starts every improvement; pages work without any of them.
import * as attachments from "./attachments.js";
import * as autosave from "./autosave.js";
import * as charts from "./charts.js";
import * as combobox from "./combobox.js";
import * as dates from "./dates.js";
import * as drop from "./drop.js";
import * as forms from "./forms.js";
import * as panels from "./panels.js";
import * as part from "./part.js";
import * as printing from "./printing.js";
import * as reload from "./reload.js";
import * as search from "./search.js";
import * as ticks from "./ticks.js";

const modules = [combobox, dates, autosave, forms, part, printing, search, ticks, attachments, drop, charts, reload];

function start(root) {
  for (const one of modules) one.start(root, start);
}

panels.start();
start(document);
