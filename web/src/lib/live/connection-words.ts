import { formatMinute } from '../time/moment.ts';
import type { Connection, FinalReason } from './connection.ts';

export interface ConnectionWords {
  readonly label: string;
  /** A sentence: what it means for what is on the screen. Without counting seconds, for it is read aloud. */
  readonly title: string;
  readonly tone: 'good' | 'trouble' | 'lost' | 'quiet';
}

const finalWords: Record<FinalReason, ConnectionWords> = {
  unauthenticated: { label: 'Signed out', title: 'Your session has ended. Sign in again.', tone: 'lost' },
  forbidden: { label: 'Not allowed', title: 'Your role may not see this.', tone: 'lost' },
  unknown: { label: 'Gone', title: 'There is no such call any more.', tone: 'lost' },
  reload: {
    label: 'Reload needed',
    title: 'The server speaks a newer version. Reload the page.',
    tone: 'lost',
  },
  ended: { label: 'Complete', title: 'The call is over and everything of it is here.', tone: 'quiet' },
  closed: {
    label: 'Disconnected',
    title: 'The server closed the connection. Reload the page.',
    tone: 'lost',
  },
};

export function connectionWords(connection: Connection): ConnectionWords {
  switch (connection.kind) {
    case 'live':
      return { label: 'Live', title: 'Connected: what you see is happening now.', tone: 'good' };
    case 'connecting':
      return {
        label: connection.forS < 2 ? 'Connecting' : `Connecting (${connection.forS} s)`,
        title: 'Connecting to the server.',
        tone: 'quiet',
      };
    case 'reconnecting':
      return {
        label: `Reconnecting (${connection.forS} s)`,
        title: 'The connection was lost and is being made again.',
        tone: 'trouble',
      };
    case 'polling':
      return {
        label: 'Live, every 2 s',
        title:
          'No live connection is to be had: the page asks every two seconds, without words still being spoken.',
        tone: 'trouble',
      };
    case 'stale':
      return {
        label: `Stale since ${formatMinute(connection.sinceMs)}`,
        title: 'The connection is lost. What you see may have changed since.',
        tone: 'lost',
      };
    case 'final':
      return finalWords[connection.reason];
  }
}
