import { html, render } from "#shared/domain/html.ts";
import { STYLE } from "./style.ts";

/** Where somebody goes who must not be seen here: a page that everybody looks at. */
export const ELSEWHERE = "https://www.weather.gov";

/** An empty page that goes on to somewhere harmless at once; it names neither us nor what was here. */
export function exitPage(): string {
  return render(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta http-equiv="refresh" content="0;url=${ELSEWHERE}">
<title>Weather</title>
${STYLE}
</head>
<body>
<main class="talk"><h1 class="hidden">Weather</h1><p><a class="touch" href="${ELSEWHERE}" rel="noreferrer">weather.gov</a></p></main>
</body>
</html>
`);
}
