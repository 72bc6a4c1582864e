import type { AgentProcess } from './agent-process.ts';
import type { Stage } from './stage.ts';

/** The runtime goes on being disturbed while the closing effects are carried out, not for hours of rest. */
const AFTER_END_MS = 90_000;

/** Takes the object's memory, its sockets and its disk away, as often as the weather has it. */
export function disturb(stage: Stage, agents: readonly AgentProcess[]): void {
  const { clock, host, ledger, tell, weather } = stage;
  const chance = stage.chance.fork();
  const often = (perMinute: number, what: () => void): void => {
    if (perMinute === 0) return;
    clock.after(chance.between(100, Math.round(120_000 / perMinute)), () => {
      const endAtMs = ledger.model.end?.atMs ?? Number.POSITIVE_INFINITY;
      if (clock.nowMs > endAtMs + AFTER_END_MS) return;
      what();
      often(perMinute, what);
    });
  };
  often(weather.objectEvictsPerMinute, () => host.hibernate());
  often(weather.objectAbortsPerMinute, () => {
    tell('the object crashed');
    const takesAgents = chance.happens(weather.crashTakesAgents);
    host.abort();
    if (takesAgents) for (const each of agents) each.kill();
  });
  often(60 * weather.storageFails, () => void (host.storage.failNext = true));
}
