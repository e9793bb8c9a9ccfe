/** Frequent given names and family names, for "not Maria" written without a capital letter. */
const NAMES: ReadonlySet<string> = new Set(
  (
    "maria jose juan luis carlos jesus ana rosa carmen pedro miguel jorge francisco antonio manuel alejandro javier " +
    "david daniel sofia isabel elena lucia laura patricia teresa guadalupe lupe veronica gabriela alicia silvia " +
    "martha marta juana margarita yolanda leticia sandra claudia adriana norma gloria angela cristina beatriz " +
    "fernando ricardo roberto eduardo rafael raul sergio pablo oscar mario hector victor arturo enrique ramon " +
    "diego andres felipe ernesto gustavo alfredo ruben julio cesar jaime joaquin ignacio nancy blanca irma " +
    "james john robert michael william richard joseph thomas charles chris christopher matthew matt anthony tony mark " +
    "donald don steven steve paul andrew andy joshua josh kenneth ken kevin brian george edward ed ronald ron timothy " +
    "tim jason jeff jeffrey ryan jacob jake gary nicholas nick eric jonathan stephen larry justin scott brandon " +
    "benjamin ben samuel sam gregory greg frank alex alexander raymond ray patrick pat jack dennis jerry tyler aaron " +
    "henry adam doug nathan peter zach kyle walter harold jeremy ethan carl keith roger gerald noah christian " +
    "mary jennifer jen linda barbara elizabeth liz susan sue jessica jess sarah sara karen lisa betty sandy ashley " +
    "dorothy kimberly kim emily donna michelle carol amanda melissa deborah debbie stephanie rebecca becky sharon " +
    "cynthia cindy kathleen kathy amy angela shirley anna brenda pamela pam emma nicole helen samantha katherine kate " +
    "christine debra rachel carolyn janet catherine heather diane ruth julie olivia joyce virginia victoria kelly " +
    "lauren christina joan evelyn judith judy megan andrea cheryl hannah jacqueline jackie madison frances ann " +
    "theresa janice jean abigail alice julia grace denise amber doris marilyn danielle beverly tammy tina crystal " +
    "carla carlos karla marcos luz paola monica diana karina vanessa natalia valeria fernanda camila mateo santiago " +
    "sebastian gabriel isaac ivan hugo leo max luke logan dylan cody chad brad derek shawn sean craig phil ted greg " +
    "sofia mia ava chloe zoe ella lily lucy ellen erin jill jane jenny molly megan kayla brittany courtney heidi holly " +
    "wanda rhonda yvonne tanya latasha ebony imani deshawn malik andre marcus curtis leroy lamar terrence reggie " +
    "keisha tiffany latoya tyrone jamal darnell dave dan danny mike bob bobby bill billy jim jimmy joe joey tom tommy " +
    "garcia martinez rodriguez lopez hernandez gonzalez perez sanchez ramirez torres flores rivera gomez diaz reyes " +
    "smith johnson williams jones davis miller wilson moore taylor anderson jackson martin lee thompson harris clark"
  ).split(" "),
);

/** Capitalised words that are no names of persons. */
const NOT_NAMES: ReadonlySet<string> = new Set(
  (
    "i im its spanish english american mexican medicaid medicare monday tuesday wednesday thursday friday saturday " +
    "sunday january february march april june july august september october november december covid ok sure yet " +
    "today tomorrow tylenol advil zoom walgreens cvs costco dr doctor ready coming urgent catholic christian"
  ).split(" "),
);

/** What "this isn't" is followed by when no person is meant. */
const QUALITIES: ReadonlySet<string> = new Set(
  (
    "urgent good right true fair ok okay helpful correct accurate funny cool normal great necessary possible it me " +
    "fun easy safe healthy cheap free open enough much bad serious new old real legit important convenient ideal " +
    "clear fine better worse well anymore so that this what how why for about because on in at to from there here " +
    "today tomorrow until yet due ready available ours mine yours over off up down out first last best painful " +
    "contagious sore infected itchy swollen red broken clean like just going his hers theirs an a the my your our"
  ).split(" "),
);
const DENIED_PERSON =
  /[ ](?:(?<place>this)(?: is)?|(?<thing>it|thats|that|its)(?: is)?|im|i|name|name is|names|number|phone|cell) (?:isnt|aint|not|nolonger|wasnt|is not|is nolonger) (?:mr |mrs |ms |miss )?(?<name>[a-z]{3,20})(?: (?<more>[a-z]{3,20})){0,1}(?= [.,?]| and | lol | anymore | i | she | he | stop )/g;
const NOT_SOMEONE =
  /^ \.(?: (?:no|nope|nah|sorry|hi|hello|yo|[.,]))* (?:not|isnt|no es|no) (?<name>[a-z]{3,20})(?: [a-z]{3,20})?(?: here)?(?: [.,?])* $/g;
const DENIED_IN_SPANISH =
  /[ ](?:no soy|no somos|(?:este|esta|esto|ella|el|aqui) no es) (?:de )?(?:la |el )?(?:sr |sra |senora |senor )?(?<name>[a-z]{3,20})(?: [a-z]{3,20})? [.,?]/g;

const UNKNOWN =
  /[ ](?:dont|never|no) (?:know|knew|conozco|heard of|met) (?:(?:any|a|an|no|anyone named|anybody named|ninguna|ningun|a|alguna|of any|any one named) )?(?:ninguna |ningun |la |el )?(?<name>[a-z]{3,20})(?: [a-z]{3,20})? [.,?]/g;
const INSTEAD_OF =
  /[ ](?:im|name is|this is|names|soy|es|me llamo) [a-z]{2,20} (?:[a-z]{2,20} )?(?:, )?(?:not|no) (?<name>[a-z]{3,20}) [.,?]/g;
const NOT_ME =
  /^ \.(?: (?:no|sorry|hi|hello|nope|its|thats|[.,]))* (?:not|no soy|no es|no era) (?:yo|me|mine|him|her|for me|my (?:number|name|phone|appointment|doctor|kid|dr|text))(?: (?:sorry|thanks|[.,?]))* $/;
const NOBODY_CALLED =
  /[ ](?:no|any|ninguna|ningun|hay) (?<name>[a-z]{3,20}) (?:here|at this|lives|in this|aqui|on this|exists) /g;

const LIKE_A_QUALITY = /(?:ing|ed|ly|able|ible|ful|ous|ive|al|ent|ant|ic|less|er)$/;

/** Whether the text says "this isn't Maria", "no soy Maria": that someone named is not the one who reads it. */
export function deniesName(words: string, capitalised: ReadonlySet<string>): boolean {
  if (NOT_ME.test(words)) return true;
  for (const expression of [
    DENIED_PERSON,
    NOT_SOMEONE,
    DENIED_IN_SPANISH,
    INSTEAD_OF,
    NOBODY_CALLED,
    UNKNOWN,
  ]) {
    for (const { groups } of words.matchAll(expression)) {
      const name = groups?.["name"] ?? "";
      const thing = groups?.["thing"] !== undefined;
      // "I'm not John's wife" tells who she is, not that the number is wrong.
      const another = groups?.["more"] !== undefined && name.endsWith("s") && !NAMES.has(name);
      if (!another && isName(name, thing ? NOBODY : capitalised)) return true;
      const place = groups?.["place"];
      if (place === "this" && !QUALITIES.has(name) && !LIKE_A_QUALITY.test(name)) return true;
    }
  }
  return false;
}

const NOBODY: ReadonlySet<string> = new Set();

function isName(word: string, capitalised: ReadonlySet<string>): boolean {
  if (NAMES.has(word) || (word.endsWith("s") && NAMES.has(word.slice(0, -1)))) return true;
  return capitalised.has(word) && !NOT_NAMES.has(word);
}
