/** The agent host: `node agent-host/src/main.ts`. Everything it needs is in its environment, see config.ts. */
import { initializeLogger } from '@livekit/agents';
import { AgentHost } from './agent-host.ts';
import { readConfig } from './config.ts';
import { errorName, jsonLog, keepPersonalDataOutOfStdout } from './log.ts';

const decoded = readConfig(process.env);
if (!decoded.ok) {
  process.stderr.write(
    `The agent host cannot start:\n${decoded.problems.map((line) => `  ${line}\n`).join('')}`,
  );
  process.exit(2);
}

// Inherited by the jobs: otherwise the media library logs every packet it does not expect.
process.env.NODE_ENV ??= 'production';
keepPersonalDataOutOfStdout();
initializeLogger({ pretty: false, level: 'warn' });
const log = jsonLog({ host: decoded.config.hostName });
const host = new AgentHost(decoded.config, log);

let asked = false;
const onSignal = (signal: NodeJS.Signals): void => {
  if (asked) process.exit(1);
  asked = true;
  log.info('draining', { signal });
  void host.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);

host.run().then(
  () => process.exit(0),
  (error: unknown) => {
    log.warn('the agent host could not run', { name: errorName(error) });
    process.exit(1);
  },
);
