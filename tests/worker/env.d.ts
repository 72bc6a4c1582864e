import type { D1Migration } from 'cloudflare:test';
import type { Env as WorkerEnv } from '../../durable-objects/env.ts';
import type * as main from '../../worker/index.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof main;
      durableNamespaces: 'CallRoom' | 'CampaignDialer' | 'Board' | 'Fleet' | 'WebhookDesk' | 'Notices';
    }
  }
}
