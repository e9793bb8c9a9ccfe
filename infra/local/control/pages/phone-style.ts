/** The phone simulator's style besides that of every page. */
export const PHONE_STYLE = `
.desk{display:grid;gap:1rem;grid-template-areas:"side" "phone" "carrier"}
.side{grid-area:side;display:flex;flex-direction:column;gap:.6rem;min-width:0}
.bar,.head{display:flex;justify-content:space-between;align-items:baseline;gap:.5rem;flex-wrap:wrap}
.bar h2,.head h2{margin:0}
#phones{list-style:none;margin:0;padding:3px;display:flex;flex-direction:column;gap:.3rem;overflow-y:auto;max-height:12.5rem}
#opening label{flex-basis:100%}
.entry{position:relative;display:grid;grid-template-columns:1fr auto;gap:0 .6rem;width:100%;text-align:left;padding:.45rem .7rem}
.entry .who{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.entry .when,.entry .what{color:var(--soft);font-size:.82rem}
.entry .when{align-self:center}
.entry .what{grid-column:1/-1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.entry[aria-current]{border-color:var(--accent);box-shadow:inset 3px 0 var(--accent)}
.entry.new .who{font-weight:700}
.entry.new .who::before{content:"";display:inline-block;width:.5rem;height:.5rem;margin-right:.4rem;border-radius:50%;background:var(--accent)}
.carrier{grid-area:carrier;display:flex;flex-direction:column;gap:.25rem;font-size:.9rem}
#problem{flex-basis:100%;margin:0;color:var(--ink);font-size:.9rem}
#problem:empty{display:none}
.phone{grid-area:phone;background:var(--card);border:1px solid var(--line);border-radius:22px;padding:1rem;display:flex;flex-direction:column;gap:.7rem;min-width:0;height:36rem;max-height:85vh}
.head{border-bottom:1px solid var(--line);padding-bottom:.6rem}
.bubbles{flex:1;min-height:8rem;overflow-y:auto;display:flex;flex-direction:column;gap:.6rem;padding:3px}
.day{align-self:center;margin:.4rem 0 0;color:var(--soft);font-size:.82rem}
.row{align-self:flex-start;max-width:85%;min-width:0}
.row.mine{align-self:flex-end}
.bubble{position:relative;width:fit-content;max-width:100%;padding:.55rem .8rem;border-radius:16px 16px 16px 4px;background:var(--paper);border:1px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.mine .bubble{margin-left:auto;border-radius:16px 16px 4px 16px;background:var(--mine);color:var(--mine-ink);border-color:transparent}
.mine .bubble a{color:inherit}
.note{margin:.15rem .3rem 0;font-size:.8rem;color:var(--soft)}
.mine .note{text-align:right}
.row .reports{font-size:.8rem;margin:0 .3rem}
.quick{display:flex;flex-wrap:wrap;gap:.35rem}
.quick button{flex:1 1 auto;padding:.35rem .5rem;min-height:2.4rem}
#status{margin:0;min-height:1.3rem;font-size:.85rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
#reply{flex-wrap:nowrap;position:relative}
#reply input{min-width:0}
@media (min-width:46rem){.desk{grid-template:"side phone" 1fr "carrier phone" auto/18rem minmax(0,36rem)}.phone{height:min(46rem,76vh)}#phones{max-height:min(38rem,58vh)}.quick button{flex-grow:0;padding:.35rem .8rem}}
`;
