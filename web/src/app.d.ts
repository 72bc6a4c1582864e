declare global {
  namespace App {
    /** What the error page shows besides the status: see `api/explain.ts`. */
    interface Error {
      why?: string;
      todo?: string;
      requestId?: string | null;
    }
  }
}

export {};
