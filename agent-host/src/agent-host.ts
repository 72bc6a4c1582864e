import type { JobRequest } from '@livekit/agents';
import { AgentServer, ServerOptions } from '@livekit/agents';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Heartbeat } from '../../protocol/fleet.ts';
import type { Config } from './config.ts';
import type { JobNews } from './job-news.ts';
import type { Log } from './log.ts';
import { MAXIMUM_DURATION_MS } from '../../domain/call/deadlines.ts';
import { JobMetadataSchema } from '../../protocol/agent.ts';
import { decodeMessage } from '../../protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { sayOnce } from './announcer.ts';
import { Heartbeats } from './heartbeat.ts';
import { watchJobProcesses } from './job-processes.ts';
import { LastMinute } from './last-minute.ts';
import { errorName } from './log.ts';
import { AFTER_AGENT_LOST_MS, AFTER_SERVED_MS, Recorder } from './recorder/recorder.ts';
import { recordingAnswer } from './recording-orders.ts';
import { Rehearsals } from './rehearsal/rehearsals.ts';
import { FULL_LOAD, Seats } from './seats.ts';

/** No call lasts longer (DEADLINE-3); what still runs after it is handed over to another host. */
const DRAIN_MS = MAXIMUM_DURATION_MS + 60_000;
/** How often the framework is asked whether it is connected to LiveKit; it does not say when it is not. */
const REGISTRATION_CHECK_MS = 1_000;
/** LiveKit may be away for long; giving up would end the running calls with it. */
const RECONNECT_FOR_EVER = Number.MAX_SAFE_INTEGER;

/** This machine's place in the fleet: its seats, its registration with LiveKit, its heartbeats, its way out. */
export class AgentHost {
  /** Also its agent name: dispatches reach this very process, never its ghost. */
  readonly id: string;
  readonly #config: Config;
  readonly #log: Log;
  readonly #startedAtMs = Date.now();
  readonly #seats: Seats;
  readonly #lastMinute = new LastMinute();
  /** Since when each call's agent has its customer, epoch ms. */
  readonly #customersSince = new Map<string, number>();
  readonly #server: AgentServer;
  readonly #heartbeats: Heartbeats;
  readonly #recorder: Recorder;
  readonly #rehearsals: Rehearsals;
  #registrations = 0;
  #warm = false;
  #registered = false;
  #draining = false;
  #ready = false;
  #registrationCheck: NodeJS.Timeout | undefined;

  constructor(config: Config, log: Log) {
    this.#config = config;
    this.#log = log;
    this.id = `${config.hostName}-${this.#startedAtMs.toString(36)}`;
    this.#seats = new Seats(config.seats);
    this.#recorder = new Recorder(config, this.id, log);
    this.#rehearsals = new Rehearsals(log);
    watchJobProcesses(
      () => this.#setWarm(),
      (news, answer) => this.#jobNews(news, answer),
      log,
    );
    this.#server = new AgentServer(
      new ServerOptions({
        agent: fileURLToPath(new URL('./agent.ts', import.meta.url)),
        agentName: this.id,
        wsURL: config.livekit.url,
        apiKey: config.livekit.apiKey,
        apiSecret: config.livekit.apiSecret,
        requestFunc: (request) => this.#offered(request),
        loadFunc: () => Promise.resolve(this.#seats.load(this.#runningJobIds(), Date.now())),
        loadThreshold: FULL_LOAD,
        numIdleProcesses: Math.min(config.idleProcesses, config.seats),
        production: true,
        drainTimeout: DRAIN_MS,
        // A process loads its models in 2 s on an idle machine; one that is killed for being slow is slower still.
        initializeProcessTimeout: 60_000,
        // A job needs 5 s for its last words; one that is stuck shall not hold up the exit.
        shutdownProcessTimeout: 15_000,
        maxRetry: RECONNECT_FOR_EVER,
        port: config.healthPort,
        logLevel: 'warn',
      }),
    );
    this.#server.event.on('worker_registered', () => {
      this.#registrations++;
      this.#setRegistered(true);
    });
    this.#heartbeats = new Heartbeats({
      workerUrl: config.workerUrl,
      agentHostKey: config.agentHostKey,
      state: () => this.#state(),
      onDrain: () => {
        this.#log.warn('the Worker asks this host to drain: its protocol is too old');
        void this.stop();
      },
      onAnnouncement: (announcement) => void sayOnce(announcement, config, log),
      onRehearsal: (offer) => this.#rehearsals.take(offer),
      onAnnounced: (heartbeat) => this.#announced(heartbeat),
      log,
    });
  }

  /** Runs until stopped. Rejects when it cannot run at all. */
  async run(): Promise<void> {
    await this.#recorder.start();
    this.#registrationCheck = setInterval(() => void this.#checkRegistration(), REGISTRATION_CHECK_MS);
    await this.#server.run();
  }

  /** Takes no more calls, waits for those it has, and returns when nothing is left. */
  async stop(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    this.#rehearsals.stop();
    // The roster first: a call that is offered here now would lose 12 s.
    void this.#heartbeats.now();
    try {
      await this.#server.drain();
    } catch {
      this.#log.warn('calls are still running after the longest possible time: handing them over');
    }
    clearInterval(this.#registrationCheck);
    await this.#server.close();
    await this.#recorder.stop();
    this.#heartbeats.stop();
  }

  #state(): Heartbeat {
    const nowMs = Date.now();
    return {
      protocol: PROTOCOL_VERSION,
      hostId: this.id,
      agentName: this.id,
      startedAtMs: this.#startedAtMs,
      // Seats that LiveKit cannot reach are none, and a cold host would greet its first caller late.
      seats: this.#registered && this.#warm ? this.#config.seats : 0,
      activeCallIds: [...this.#seats.callIds(this.#runningJobIds(), nowMs)],
      draining: this.#draining,
      ...this.#lastMinute.summary(nowMs),
    };
  }

  #runningJobIds(): string[] {
    return this.#server.activeJobs.map(({ job }) => job.id);
  }

  async #offered(request: JobRequest): Promise<void> {
    const metadata = decodeMessage(JobMetadataSchema, request.job.metadata);
    if (!metadata.ok) {
      this.#log.warn('job rejected: metadata not understood', { job: request.id, detail: metadata.detail });
      return request.reject();
    }
    const { callId } = metadata.message;
    if (this.#draining || !this.#seats.take(request.id, callId, this.#runningJobIds(), Date.now())) {
      this.#log.info('job rejected: no seat', { callId });
      return request.reject();
    }
    await request.accept('Earshot agent', `agent-${randomUUID()}`);
  }

  #jobNews(news: JobNews, answer: (message: object) => void): void {
    const nowMs = Date.now();
    switch (news.type) {
      case 'started':
        return;
      case 'record':
        return this.#recorder.record(news.callId, news.room, news.paused);
      case 'pauseRecording':
        void this.#recorder
          .pause(news.callId, news.paused)
          .then((outcome) => answer(recordingAnswer(news.orderId, outcome)));
        return;
      case 'customerPresent':
        this.#customersSince.set(news.callId, news.atMs);
        return;
      case 'firstSound': {
        // A customer who came later than the agent is not waited for by anyone.
        const acceptedAtMs = this.#seats.acceptedAtMs(news.callId) ?? news.atMs;
        const bothSince = Math.max(acceptedAtMs, this.#customersSince.get(news.callId) ?? 0);
        this.#lastMinute.firstSound(Math.max(0, news.atMs - bothSince), nowMs);
        return;
      }
      case 'over':
        this.#customersSince.delete(news.callId);
        if (news.outcome !== 'notServed')
          this.#recorder.leave(
            news.callId,
            news.outcome === 'served' ? AFTER_SERVED_MS : AFTER_AGENT_LOST_MS,
          );
        if (news.outcome !== 'notServed') this.#lastMinute.callEnded(news.outcome === 'failed', nowMs);
    }
  }

  async #checkRegistration(): Promise<void> {
    const registrations = this.#registrations;
    if (registrations === 0) return;
    try {
      const response = await fetch(`http://127.0.0.1:${this.#config.healthPort}/`, {
        signal: AbortSignal.timeout(REGISTRATION_CHECK_MS),
      });
      // The answer to a question asked before it registered again is old news.
      if (registrations === this.#registrations) this.#setRegistered(response.ok);
    } catch (error) {
      this.#log.warn('health check failed', { name: errorName(error) });
    }
  }

  #setWarm(): void {
    if (this.#warm) return;
    this.#warm = true;
    if (this.#registered) void this.#heartbeats.now();
  }

  #setRegistered(registered: boolean): void {
    if (registered === this.#registered) return;
    this.#registered = registered;
    if (!registered) this.#log.warn('registration with LiveKit lost: no seats until it is back');
    void this.#heartbeats.now();
  }

  #announced(heartbeat: Heartbeat): void {
    if (this.#ready || heartbeat.seats === 0) return;
    this.#ready = true;
    process.stdout.write(`agent host ${this.id} ready, ${this.#config.seats} seats\n`);
  }
}
