import { type Draft, findAll, type LintFinding } from "./lint-finding.ts";

const ENDINGS =
  "com|net|org|edu|gov|mil|int|info|biz|name|pro|mobi|io|co|us|me|tv|cc|ly|to|gl|gd|ai|app|dev|page|site|online|store|shop|" +
  "xyz|top|club|live|link|click|health|healthcare|clinic|care|doctor|dental|dentist|hospital|medical|pharmacy|vision|fit|" +
  "life|center|uk|ca|mx|pr|es|de|fr|eu|ru|cn|in|br|au|example|test|cl|ar|pe|gt|sv|hn|ni|cr|pa|do|cu|ve|ec|bo|py|uy";

const SHORTENERS = new RegExp(
  String.raw`(?<![\p{L}\p{N}.-])(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|v\.gd|buff\.ly|rebrand\.ly|cutt\.ly|` +
    String.raw`rb\.gy|shorturl\.at|shorturl\.com|tiny\.cc|tiny\.one|lnkd\.in|s\.id|t\.ly|bl\.ink|qr\.ae|adf\.ly|soo\.gd|` +
    String.raw`x\.co|dlvr\.it|trib\.al|short\.io|short\.link|snip\.ly|clck\.ru|urlz\.fr|rotf\.lol|qrco\.de|g\.co|fb\.me|` +
    String.raw`wa\.me|youtu\.be|amzn\.to|mcaf\.ee|surl\.li)(?![\p{L}\p{N}-])(?:\/[^\s\uFFFC]{0,200})?`,
  "giu",
);

const WEB_ADDRESS = new RegExp(
  [
    String.raw`(?:https?|hxxps?|ftp|tel|mailto|sms):\/{0,3}[^\s\uFFFC]{1,300}`,
    String.raw`https?:\/\/`,
    String.raw`(?<![\p{L}\p{N}])www\d?\.[^\s\uFFFC]{1,200}`,
    String.raw`(?<![\p{L}\p{N}@.-])[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.(?:${ENDINGS})(?![\p{L}\p{N}-])(?:[:\/][^\s\uFFFC]{0,200})?`,
    String.raw`(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{N}.])`,
    String.raw`(?<![\p{L}])(?:dot|punto)\s(?:com|org|net|edu|gov|info|health|ly)(?!\p{L})`,
    String.raw`(?<=[\p{L}\p{N}])\s?[\[(]\s?(?:dot|punto|\.)\s?[\])]\s?(?:com|org|net|ly)(?!\p{L})`,
  ].join("|"),
  "gu",
);

const EMAIL = /[^\s\uFFFC@]{0,64}@[^\s\uFFFC@]{0,190}|\p{L}{2,30}\s(?:\(at\)|\[at\]|arroba)\s\p{L}{2,30}/gu;

const DIGIT_WORDS =
  "zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve";
const PHONE = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}])\+?\(?\d(?:[ ().\/\-–]{0,3}\d){6,14}(?![\p{L}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])(?:1[ -]?)?8(?:00|88|77|66|55|44|33)[ -][a-z][a-z-]{3,10}(?!\p{L})`,
    String.raw`(?<!\p{L})(?:(?:${DIGIT_WORDS}|\d)[\s,-]{1,2}){6,14}(?:${DIGIT_WORDS}|\d)(?![\p{L}\p{N}])`,
    // A short number that is to be called or texted, but for those of emergencies.
    String.raw`(?<=(?<!\p{L})(?:call|text|dial|llame al|marque|marque el|escriba al)\s)(?!(?:911|988)(?!\d))\d{3,6}(?!\p{N})`,
  ].join("|"),
  "gu",
);

/** Addresses and numbers in a template's own words. Where a patient is led, slots say, and nothing else. */
export function findAddresses({ plain }: Draft): readonly LintFinding[] {
  const shortened = findAll(
    plain,
    SHORTENERS,
    "shortened-link",
    "A shortened link hides where it leads, and carriers block it. The slot for the link is all that leads to a page.",
  );
  const emails = findAll(
    plain,
    EMAIL,
    "email-address",
    "An e-mail address stands here. The practice's phone is the way to ask.",
  );
  const taken = [...shortened, ...emails];
  const addresses = findAll(
    plain,
    WEB_ADDRESS,
    "web-address",
    "A web address stands here. The slot for the link, on the practice's own host, is all that leads to a page.",
  ).filter(({ start, end }) => !taken.some((other) => start < other.end && other.start < end));
  const phones = findAll(
    plain,
    PHONE,
    "phone-number",
    "A number to call or text stands here. The slot for the phone says it.",
  ).filter(
    ({ start, end }) => ![...taken, ...addresses].some((other) => start < other.end && other.start < end),
  );
  return [...taken, ...addresses, ...phones];
}
