import { llm } from '@livekit/agents';
import { expect, test } from 'vitest';
import { isBackchannel, noteBackchannel } from '../../agent-host/src/backchannel.ts';

test.each(['Mhm.', 'okay', 'Yeah, yeah.', 'uh-huh', 'I see.', 'Oh, okay.', 'Ja, genau.'])(
  'TURN-3 “%s” is listening',
  (text) => expect(isBackchannel(text)).toBe(true),
);
test.each(['Okay, stop.', 'Yes, I want it.', 'No.', 'Right now?', 'What?', ''])(
  'TURN-3 “%s” is not',
  (text) => expect(isBackchannel(text)).toBe(false),
);

function turnAfter(agentSaid: string, interrupted: boolean, customerSaid: string): number {
  const turn = llm.ChatContext.empty();
  turn.addMessage({ role: 'assistant', content: agentSaid, interrupted });
  const said = new llm.ChatMessage({ role: 'user', content: customerSaid });
  noteBackchannel(turn, said);
  return turn.items.length - 1;
}

test('TURN-3 an agent that a word of listening cut off is told to go on, once and for this turn', () => {
  expect(turnAfter('The car has a sunroof and', true, 'Mhm.')).toBe(1);
});
test('TURN-3 a yes is an answer where a question was asked, or nothing was cut off', () => {
  expect(turnAfter('Would you like a test drive?', true, 'Yes.')).toBe(0);
  expect(turnAfter('The car has a sunroof.', false, 'Okay.')).toBe(0);
  expect(turnAfter('The car has a sunroof and', true, 'Stop, I am in a hurry.')).toBe(0);
});
