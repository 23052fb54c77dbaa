/// The look of the map. Colours never stand alone: each verdict has its sign and its name too.
enum HTMLStyle {
    static let text = """
        :root { color-scheme: light dark; --page: #fff; --text: #1c2126; --soft: #59636e; --line: #d4dae0;
          --panel: #f5f7f9; --accent: #0b57d0; --good: #e2f3e6; --good-text: #125126; --fair: #fff3cf;
          --fair-text: #5f4300; --bad: #fbdcdc; --bad-text: #8c1118; --open: #e6e3f7; --open-text: #41328a; }
        @media (prefers-color-scheme: dark) { :root { --page: #14181c; --text: #e4e8ec; --soft: #a3adb8;
          --line: #353d46; --panel: #1d2329; --accent: #8ab4f8; --good: #173a24; --good-text: #a6e3b8;
          --fair: #44370e; --fair-text: #f5d98b; --bad: #54191d; --bad-text: #ffc0c0; --open: #2d2852;
          --open-text: #cdc5ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; padding: 1rem 1.5rem 3rem; background: var(--page); color: var(--text);
          font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.35rem; margin: 0 0 .2rem; }
        h2 { font-size: 1.05rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
        p { margin: .2rem 0; }
        .soft { color: var(--soft); }
        code, .mono, pre { font: 13px/1.5 ui-monospace, monospace; }
        .controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 1rem 0 .6rem; }
        .controls fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; }
        .controls legend { float: left; padding: .15rem .4rem .15rem 0; color: var(--soft); }
        input[type=search] { font: inherit; padding: .3rem .5rem; min-width: 16rem; color: inherit;
          background: var(--page); border: 1px solid var(--line); border-radius: 4px; }
        .chip { display: inline-flex; gap: .3rem; align-items: center; border-radius: 4px; padding: .15rem .5rem; }
        .layout { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-items: start; }
        .layout.split { grid-template-columns: minmax(min-content, 3fr) minmax(20rem, 2fr); }
        .split tr.sub th { min-width: 15rem; }
        @media (max-width: 60rem) { .layout.split { grid-template-columns: minmax(0, 1fr); } }
        .scroll { overflow-x: auto; }
        .scroll.wide { width: 0; min-width: 100%; }
        @media (min-width: 60rem) { .scroll:not(.wide) { overflow: visible; } }
        table { border-collapse: collapse; width: 100%; }
        .away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        th, td { border-bottom: 1px solid var(--line); padding: .2rem .4rem; text-align: left; vertical-align: middle; }
        thead th { position: sticky; top: 0; background: var(--page); z-index: 1; }
        tbody th { font-weight: 600; }
        tr.sub th { font-weight: 400; padding-left: 2rem; min-width: 18rem; overflow-wrap: anywhere; }
        button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px;
          cursor: pointer; text-align: left; padding: .1rem .35rem; }
        button:focus-visible, input:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent);
          outline-offset: 1px; }
        #unfold { border-color: var(--line); }
        .fold::before { content: "\\25b8"; display: inline-block; width: 1.1em; }
        .fold[aria-expanded=true]::before { content: "\\25be"; }
        .cell { width: 100%; white-space: nowrap; }
        .cell[aria-pressed=true] { border-color: currentColor; }
        .good { background: var(--good); color: var(--good-text); }
        .fair { background: var(--fair); color: var(--fair-text); }
        .bad { background: var(--bad); color: var(--bad-text); }
        .open { background: var(--open); color: var(--open-text); }
        aside { position: sticky; top: .5rem; max-height: calc(100vh - 1rem); overflow: auto; background: var(--panel);
          border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; }
        aside dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .8rem; margin: .5rem 0; }
        aside dt { color: var(--soft); }
        aside dd { margin: 0; overflow-wrap: anywhere; }
        aside ol { padding-left: 1.4rem; margin: .4rem 0; }
        aside li { margin-bottom: .5rem; overflow-wrap: anywhere; }
        pre { margin: .15rem 0; padding: .25rem .5rem; background: var(--page); border: 1px solid var(--line);
          border-radius: 4px; overflow-x: auto; }
        .close { float: right; border-color: var(--line); }
        [hidden] { display: none !important; }
        @media (max-width: 40rem) { body { padding: .75rem .75rem 2rem; font-size: 14px; }
          .controls { gap: .4rem .6rem; } .controls label:first-child { flex: 1 1 100%; display: flex; gap: .4rem;
          align-items: center; } input[type=search] { flex: 1; min-width: 0; } th, td { padding: .15rem .2rem; }
          tbody th { overflow-wrap: anywhere; } tr.sub th { padding-left: .8rem; min-width: 8rem; font-size: 12.5px; }
          .fold { padding-left: 0; display: inline-flex; gap: .25em; font-size: 13px; } .fold span { flex: none; }
          .cell { white-space: normal; padding: .1rem .25rem; font-size: 12.5px; min-width: 6.5rem; }
          h2 { font-size: .95rem; } }
        @media print { .controls, aside, .skip { display: none; } body { padding: 0; font-size: 10pt; }
          thead th { position: static; } tr.sub[hidden] { display: table-row !important; } tr { break-inside: avoid; }
          * { print-color-adjust: exact; } }
        """
}
