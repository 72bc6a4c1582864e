/** Countries that a number without its own can be read by: ISO 3166 codes with their names in the viewer's language. */
const CODES =
  'AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KE KR LT LU LV MA MT MX MY NG NL NO NZ PE PH PK PL PT RO RS SA SE SG SI SK TH TR TW UA US UY VN ZA';

export function countryOptions(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(undefined, { type: 'region' });
  return CODES.split(' ')
    .map((value) => ({ value, label: `${names.of(value) ?? value} (${value})` }))
    .toSorted((one, other) => one.label.localeCompare(other.label));
}

/** The viewer's own, where their browser says it. */
export function likelyCountry(): string {
  const region = new Intl.Locale(navigator.language).maximize().region ?? 'US';
  return CODES.split(' ').includes(region) ? region : 'US';
}
