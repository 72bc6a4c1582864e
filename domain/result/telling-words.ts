import { anyOf } from '../any-of.ts';

/** Words by which interest and mood are reckoned when no model is to be had. English first; a miss leaves it `unclear`. */

export const wants = anyOf(
  "i(?:'d| would) (?:like|love) to (?:buy|order|apply|book|sign|come (?:in|by|and)|see it|test[- ]drive|take|get|proceed|go ahead|start)",
  'i (?:want|wanna|need) (?:to )?(?:buy|order|apply|book|sign up|take it|proceed|get (?:it|one|this|that|started))',
  "sign me up|let(?:'s| us) (?:do it|go ahead|proceed)|i(?:'ll| will) take it|where do i sign|count me in|book (?:me|it|a|an)|schedule (?:a|an|me)",
  "i(?:'m| am) (?:very|really|definitely|extremely) interested|send me the (?:contract|papers|offer|forms?)|when can i (?:come|pick|start|see|get)",
);
export const considers = anyOf(
  "i(?:'m| am) interested|i (?:might|may|could) be interested|sounds (?:good|great|interesting)|tell me more|go on|how much (?:is|are|would|does)",
  "what(?:'s| is| are| would be) the (?:price|rate|rates|interest rate|terms|conditions|cost)|do you have|i(?:'m| am) looking for|looking for a",
  'i need a (?:loan|car|new|used)|can you (?:send|email|mail|text) me|could you (?:send|email|mail|text) me|yes,? please|what do you (?:have|offer)',
);
export const hesitates = anyOf(
  "maybe|perhaps|not sure|i(?:'ll| will) think about it|have to think|let me think|some other time|not right now|not now|later on|we(?:'ll| will) see|ask my (?:wife|husband|partner)",
);
export const declines = anyOf(
  "not interested|no,? thank(?:s| you)|don't need|do not need|don't want|do not want|stop calling|take me off|never call|already have (?:one|a|it)|no interest|leave me alone|not for me",
  'kein interesse|nein danke|pas intéressé[e]?|non merci|no me interesa|no gracias',
);
export const isSomebodyElse = anyOf(
  "wrong (?:number|person)|no ?(?:body|one) (?:here )?(?:by|with|of) that name|(?:he|she|they) (?:doesn't|don't|does not|do not) live here|you have the wrong|i(?:'m| am) not (?:him|her|that person)",
);
export const pleased = anyOf(
  'thank(?:s| you)|great|perfect|wonderful|excellent|lovely|awesome|fantastic|that helps|happy|glad|love it|good|nice|sounds good',
);
export const displeased = anyOf(
  'problem|annoy\\w*|disappoint\\w*|confus\\w*|frustrat\\w*|too (?:expensive|high|long|slow)|bad|terrible|awful|worse|wrong|sorry but|unhappy|upset|not happy|hate',
);
