/** The look of the public pages: one file for all of them, written by whoever publishes a page. */

/** Address of the style sheet, the same on every host. */
export const STYLE_PATH = '/assets/style.css';

/** A text here, not a file beside: the functions that publish it are single bundles. */
export const STYLE_SHEET = `:root {
  color-scheme: light dark;
  --ground: #fbf9f4;
  --sheet: #ffffff;
  --ink: #1d2429;
  --faint: #55606a;
  --line: #d9d5ca;
  --link: #0b5c73;
  --focus: #b0481e;
  --good: #17603a;
  --good-ground: #e6f3ea;
  --wait: #7a4b00;
  --wait-ground: #fdf1d8;
  --bad: #93211d;
  --bad-ground: #fbe7e4;
  --plain-ground: #ece9e0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14191c;
    --sheet: #1c2327;
    --ink: #ece9e1;
    --faint: #a9b3b9;
    --line: #38434a;
    --link: #7fcbe0;
    --focus: #f0a578;
    --good: #9fe0b8;
    --good-ground: #16301f;
    --wait: #f2cb84;
    --wait-ground: #352707;
    --bad: #f4b0a8;
    --bad-ground: #3b1613;
    --plain-ground: #262e33;
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
main, body > footer { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, h4, dt, th, caption, .standing, .aside, .lead + p, footer { font-family: "Gill Sans", "Gill Sans MT", Seravek, "Segoe UI", "Noto Sans", system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
h4 { font-size: .95rem; margin: 1rem 0 .3rem; }
p { margin: 0 0 .7rem; }
ul, ol { margin: 0 0 .7rem; padding-inline-start: 1.2rem; }
li { margin: .3rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:hover { text-decoration-thickness: .14em; }
:focus-visible { outline: .2rem solid var(--focus); outline-offset: .15rem; border-radius: .1rem; }
section { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
.title { padding: 1rem 0 .2rem; display: flow-root; }
.lead { font-size: 1.15rem; }
.aside, footer { color: var(--faint); font-size: .9rem; }
.standing { border-radius: .5rem; border-inline-start: .5rem solid currentColor; padding: 1rem; }
.standing p { color: var(--ink); margin: .2rem 0; }
.standing .as-of { color: var(--faint); font-size: .9rem; }
.standing-valid { background: var(--good-ground); color: var(--good); }
.standing-expired, .standing-not-yet-valid, .standing-suspended { background: var(--wait-ground); color: var(--wait); }
.standing-revoked { background: var(--bad-ground); color: var(--bad); }
.standing-none { background: var(--plain-ground); color: var(--ink); }
.summary { margin: 1.4rem 0; }
.badge { float: inline-end; width: 7.5rem; height: auto; margin-inline-start: 1rem; }
.criterion { border-block-start: 1px solid var(--line); }
.required { border: 1px solid currentColor; border-radius: .3rem; padding: 0 .35rem; font-size: .8rem; }
dl { margin: 0 0 .7rem; }
dl > div { display: grid; grid-template-columns: minmax(9rem, 30%) 1fr; gap: .2rem 1rem; padding: .3rem 0; border-block-end: 1px solid var(--line); }
dt { color: var(--faint); font-size: .9rem; }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; margin: .7rem 0; }
caption { text-align: start; font-weight: 600; padding-block-end: .3rem; }
th, td { text-align: start; vertical-align: top; padding: .45rem .6rem .45rem 0; border-block-end: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--faint); font-size: .9rem; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Consolas, Menlo, monospace; font-size: .85em; }
pre { white-space: pre-wrap; background: var(--ground); border: 1px solid var(--line); border-radius: .3rem; padding: .6rem; }
summary { cursor: pointer; min-height: 1.5rem; }
summary > h2 { display: inline; }
details[open] > summary { margin-block-end: .8rem; }
@media (max-width: 30rem) {
  dl > div { grid-template-columns: 1fr; }
  .badge { float: none; display: block; margin: 0 0 .8rem; }
}
@media print {
  :root { --ground: #fff; --sheet: #fff; --ink: #000; --faint: #333; --link: #000; }
  section { border: 0; border-block-start: 1px solid #999; border-radius: 0; padding: .5rem 0; break-inside: avoid-page; }
  .standing { border: 2px solid #000; background: none; color: #000; }
  section a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .8em; }
}
`;
