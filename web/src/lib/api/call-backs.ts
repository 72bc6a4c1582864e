import { listCallBacks, settleCallBack } from '../../../../protocol/api/call-backs.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export const readCallBacks = (cursor: string | null, options?: AskOptions) =>
  api(listCallBacks, { query: { state: 'owed', ...(cursor === null ? {} : { cursor }) } }, options);

export const settle = (callId: string) => api(settleCallBack, { params: { callId } });
