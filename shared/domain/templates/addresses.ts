import { type Draft, findAll, type LintFinding } from "./lint-finding.ts";

/** Endings of hosts that are no words: behind a full stop and a blank, in small letters, they are hosts all the same. */
const ENDINGS = "com|net|org|edu|gov|mil|info|biz|io|tv|ly|ai|xyz|app|www";
/** Abbreviations with a dot between letters. Single letters (a.m., e.g., U.S.) are none of a host's either. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(["ee.uu", "p.ej"]);
const LABEL = String.raw`(?<![\p{L}\p{N}@.-])[\p{L}\p{N}][\p{L}\p{N}-]{0,62}`;
const ENDED = String.raw`(?![\p{L}\p{N}-])(?:[:\/][^\s\uFFFC]{0,200})?`;

const SHORTENERS = (
  "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly rb.gy shorturl.at shorturl.com tiny.cc tiny.one " +
  "lnkd.in s.id t.ly bl.ink qr.ae adf.ly soo.gd x.co dlvr.it trib.al short.io short.link snip.ly clck.ru urlz.fr rotf.lol " +
  "qrco.de g.co fb.me wa.me youtu.be amzn.to mcaf.ee surl.li"
).split(" ");
/** The dot of a domain, also as those write it who want it to be overlooked. */
const DISGUISED_DOT = String.raw`(?:\.|\s{1,2}\.\s{0,2}|\s?[\[(]\s?(?:\.|dot|punto)\s?[\])]\s?|\s(?:dot|punto)\s)`;
const SHORTENED = new RegExp(
  String.raw`(?<![\p{L}\p{N}.-])(?:${SHORTENERS.map((host) => host.replace(".", DISGUISED_DOT)).join("|")})` +
    String.raw`(?![\p{L}\p{N}-])(?:\s?(?:\/|\sslash\s)[^\s\uFFFC]{0,200})?`,
  "giu",
);

const WEB_ADDRESS = new RegExp(
  [
    String.raw`(?:https?|hxxps?|ftp|tel|mailto|sms):\/{0,3}[^\s\uFFFC]{1,300}`,
    String.raw`https?:\/\/`,
    String.raw`(?<![\p{L}\p{N}])www\d?\.[^\s\uFFFC]{1,200}`,
    // Hosts have more than a thousand endings, and phones know them all: any letters, a dot and letters.
    String.raw`${LABEL}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}[\p{L}\p{N}-]{1,62}${ENDED}`,
    String.raw`${LABEL}\s{1,3}\.\s{0,3}\p{L}[\p{L}\p{N}-]{1,62}${ENDED}`,
    String.raw`${LABEL}\.\s{1,3}(?:${ENDINGS})${ENDED}`,
    String.raw`(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{N}.])`,
    String.raw`${LABEL}[\s([-]{1,3}dot[\s)\]-]{1,3}\p{L}{2,20}(?!\p{L})`,
    String.raw`${LABEL}\spunto\s(?:com|org|net|edu|gov|info|health|ly|io|co|gl|gd|me|us|app|link|help|tech)(?!\p{L})`,
    String.raw`${LABEL}\s?[\[(]\s?(?:punto|\.)\s?[\])]\s?\p{L}{2,20}(?!\p{L})`,
  ].join("|"),
  "gu",
);

const EMAIL = /[^\s\uFFFC@]{0,64}@[^\s\uFFFC@]{0,190}|\p{L}{2,30}\s(?:\(at\)|\[at\]|arroba)\s\p{L}{2,30}/gu;

const DIGIT_WORDS =
  "zero|oh|hundred|thousand|double|triple|cien|mil|doble|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve";
const PHONE = new RegExp(
  [
    String.raw`(?<![\p{L}\p{N}])\+?\(?\d(?:[ ().\/\-–]{0,3}\d){6,14}(?![\p{L}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])(?:1[ -]?)?8(?:00|88|77|66|55|44|33)[ -][a-z][a-z-]{3,10}(?!\p{L})`,
    String.raw`(?<!\p{L})(?:(?:${DIGIT_WORDS}|\d)[\s,.-]{1,2}){4,14}(?:${DIGIT_WORDS}|\d)(?![\p{L}\p{N}])`,
    // A short number that is to be called or texted, but for those of emergencies.
    String.raw`(?<=(?<!\p{L})(?:call|text|dial|llame al|marque|marque el|escriba al)\s)(?!(?:911|988)(?!\d))\d{3,6}(?!\p{N})`,
  ].join("|"),
  "gu",
);

/** Addresses and numbers in a template's own words. Where a patient is led, slots say, and nothing else. */
export function findAddresses({ plain }: Draft): readonly LintFinding[] {
  const shortened = findAll(
    plain,
    SHORTENED,
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
  )
    .filter(({ start, end }) => !ABBREVIATIONS.has(plain.slice(start, end)))
    .filter(({ start, end }) => !taken.some((other) => start < other.end && other.start < end));
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
