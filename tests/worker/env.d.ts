declare namespace Cloudflare {
  interface Env extends import('../../durable-objects/env.ts').Env {
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import('../../worker/index.ts');
    durableNamespaces: 'CallRoom' | 'Board' | 'Fleet';
  }
}
