import type { CallEvent } from '../../../domain/call/fact.ts';
import type { CallModel } from './call-model.ts';

/** What is wrong with an entry about a telephone, judged by all before it (DIAL-2, DIAL-3, DNC-3); null when it is as the rules have it. */
export function wrongWithDialling(model: CallModel, event: CallEvent): [string, string] | null {
  switch (event.type) {
    case 'dialStarted':
      if (!model.dialled) return ['DIAL-2', 'somebody is rung in a call that rings nobody'];
      if (model.agent === null) return ['DIAL-2', 'somebody is rung before an agent is there'];
      if (model.customerCame) return ['DIAL-3', 'somebody is rung who is there'];
      return model.dialStartedAtMs === null ? null : ['DIAL-3', 'a number is rung a second time'];
    case 'dialPlaced':
    case 'dialRinging':
    case 'dialFailed':
      if (model.dialStartedAtMs === null) return ['DIAL-3', `${event.type} of a call that rang nobody`];
      if (model.dialNews.has(event.type)) return ['CARRIER-1', `${event.type} counts twice`];
      return event.type === 'dialFailed' && model.customerCame
        ? ['DIAL-3', 'a dial failed whose customer was there']
        : null;
    case 'answeredBy':
      return model.judged ? ['AMD-1', 'a second verdict counts'] : null;
    case 'doNotCallRequested':
      return model.doNotCall ? ['DNC-3', 'a wish counts twice'] : null;
    default:
      return null;
  }
}
