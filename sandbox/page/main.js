// Puts the page together and keeps it live.

import { DecisionPanel } from "./decision.js";
import { FaultPanel } from "./faults.js";
import { Phone } from "./phone.js";
import * as platform from "./platform.js";

const byId = (id) => document.getElementById(id);

const facts = await platform.facts();
const phones = (await platform.phones()).filter((one) => one.preset).map((one) => new Phone(one, facts.accounts));
const decision = new DecisionPanel(byId("decision"), facts.staff_login);
const faults = new FaultPanel(byId("faults"), byId("faults-open"));

byId("phones").append(...phones.map((phone) => phone.element));
byId("reset").addEventListener("click", () => platform.reset());

function connected(live) {
  byId("line").textContent = live ? "实时" : "断线了，正在重连…";
  byId("line").classList.toggle("live", live);
  if (!live) return;
  phones.forEach((phone) => phone.load());
  faults.refresh();
  decision.refresh();
}

platform.live(
  {
    entry: (entry) => {
      phones.forEach((phone) => phone.show(entry));
      decision.soon();
    },
    faults: () => faults.refresh(),
    phones: async () => (await platform.phones()).forEach((one) => phones.forEach((phone) => phone.update(one))),
    reset: () => {
      phones.forEach((phone) => phone.clear());
      faults.refresh();
    },
  },
  connected,
);
