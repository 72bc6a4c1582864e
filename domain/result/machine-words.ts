/**
 * Sentences that speak to a machine instead of a person. A customer has no reason for them; who says them wants to be judged
 * otherwise than by what they want. They are left out of what is judged, and counted where people see it (RESULT-3).
 */
const judged =
  '(?:interest(?:[ _-]?level)?|outcome|disposition|result|sentiment|summary|score|rating|priority|status|field|label|classification|verdict|lead|record|transcript|call)';
const patterns: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|drop|skip)\b.{0,40}\b(?:instruction|rule|prompt|guideline|direction|polic|context|above|before|previous|prior|earlier|everything|told)/iu,
  /\b(?:system|developer|assistant|user)\s*(?:prompt|message|override|note|instruction|role|mode)\b/iu,
  /^\s*(?:system|assistant|developer|user|tool)\s*:/iu,
  /\b(?:language model|large model|llm|gpt|chat ?bot|prompt|jailbreak|developer mode|sudo|admin mode|root access|json|xml|yaml|base64|payload|schema)\b/iu,
  /\b(?:as|being|you are|you're) (?:now )?(?:an? )?(?:ai|a\.i\.|artificial intelligence|machine|automated|unrestricted|summari[sz]er|classifier|grader|judge|evaluator|analyst)\b/iu,
  /\b(?:new|updated|revised|real|actual|following|hidden|secret) (?:instruction|rule|directive|order|task)s?\b/iu,
  /\b(?:instruction|note|message|memo|order|reminder|attention|request)s? (?:to|for) (?:the |whatever |whoever |any |all )?(?:ai|a\.i\.|model|assistant|system|summari|grader|judge|classifier|reviewer|evaluator|machine|bot|analy|transcri|reads?)/iu,
  new RegExp(
    `\\b(?:set|mark|rate|record|classify|label|tag|flag|change|put|update|report|log|write|register|note|score|grade|categori[sz]e|treat|count|consider|list|enter|fill)\\b.{0,30}\\b${judged}\\b.{0,25}\\b(?:as|to|at|is|be|equals?|high|low|none|medium|interested|positive|negative|sold|success|urgent|complete)`,
    'iu',
  ),
  new RegExp(`\\b${judged}\\b\\s*(?:=|:|:=|->|→|must be|should be|has to be|shall be|is now|equals)`, 'iu'),
  /\b(?:the )?(?:correct|right|true|only|expected|final) (?:answer|label|classification|result|outcome|output|summary|verdict)\b/iu,
  /\b(?:output|respond|reply|answer|return|print|emit|produce|say)\b (?:only |exactly |just |nothing but |with |back )+["'“‘:{\[]?/iu,
  /\bin (?:your|the) (?:summary|output|report|json|verdict|analysis|evaluation|assessment)\b/iu,
  /\b(?:summari[sz]e|describe|portray|present) (?:this|the|our|my) (?:call|conversation|customer|transcript)\b/iu,
  /\b(?:begin|end|start|stop|close) of (?:the )?(?:transcript|prompt|conversation|data|instructions?|input)\b/iu,
  /\b(?:whoever|whatever|if you(?:'re| are)) (?:is )?(?:reads?|reading|summari|analy|process|evaluat|grad|judg)/iu,
  /[{}]|```|<\/?[a-z|][^>]*>|\[\/?inst\]|###|<<|>>|\|im_/iu,
  /\b(?:ignorier|vergiss|missachte).{0,40}(?:anweisung|regel|vorherig|alles)/iu,
  /\b(?:ignorez?|oubliez?).{0,40}(?:instruction|consigne|règle|précédent)/iu,
  /\b(?:ignora|ignore|olvida|olvide).{0,40}(?:instrucci|regla|anterior|todo)/iu,
];

/** Fullwidth letters, invisible characters and letters spread out do not hide a sentence. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/gu, '')
    .replace(/(?<=\b\w)[ .\-_](?=\w\b)/gu, '');

export function speaksToMachine(text: string): boolean {
  const seen = plain(text);
  return patterns.some((pattern) => pattern.test(text) || pattern.test(seen));
}
