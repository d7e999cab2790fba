/// The style sheet of the HTML report.
enum HTMLStyle {
    /// Light and dark follow the reader's system; on paper every row is open and colours are the light ones.
    static let sheet: StaticString = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#17202c;--soft:#5b6675;--line:#e1e5ea;--code:#f1f3f6;\
        --pass:#1a7f4b;--pass-bg:#e3f4ea;--fail:#c1283d;--fail-bg:#fce8ea;--unknown:#9a6400;--unknown-bg:#fdf1d9;\
        --na:#7a8594;--na-bg:#eceff3;--waived:#2563b8;--waived-bg:#e4eefb;--conflict:#8a2fb0;--conflict-bg:#f5e7fb}
        @media (prefers-color-scheme:dark){:root{--bg:#11151b;--card:#1a2029;--ink:#e5e9ef;--soft:#9aa5b4;--line:#2c343f;\
        --code:#232b36;--pass:#58c88c;--pass-bg:#16362a;--fail:#ff7b8a;--fail-bg:#451d26;--unknown:#efb84e;\
        --unknown-bg:#3d2f13;--na:#8b96a5;--na-bg:#28303b;--waived:#7fb2f5;--waived-bg:#1b3050;--conflict:#d492f0;\
        --conflict-bg:#3a2148}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
        "Noto Sans",Cantarell,sans-serif}
        main,header,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:2.25rem}
        .top{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start;justify-content:space-between}
        .top>div{flex:1 1 24rem;min-width:0}
        .eyebrow{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.08em;text-transform:uppercase}
        h1{margin:.1rem 0 0;font-size:1.9rem;line-height:1.2;font-weight:650;overflow-wrap:anywhere}
        h2{margin:2.5rem 0 .75rem;font-size:1.25rem;font-weight:650}
        .outcome{border-radius:.75rem;padding:.7rem 1.1rem;max-width:22rem}
        .outcome b{display:block;font-size:1.15rem;letter-spacing:.02em;text-transform:uppercase}
        .outcome span{font-size:.875rem}
        dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.75rem 1.5rem;margin:1.5rem 0 0;\
        padding:1rem 0 0;border-top:1px solid var(--line)}
        dl.facts dt{color:var(--soft);font-size:.8rem}
        dl.facts dd{margin:0;overflow-wrap:anywhere}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.75rem}
        .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem}
        .tile{padding:.9rem 1.1rem}
        .tile b{display:block;font-size:2.1rem;line-height:1.15;font-weight:650;font-variant-numeric:tabular-nums}
        .tile span{color:var(--soft);font-size:.875rem}
        .pass{color:var(--pass)}.fail{color:var(--fail)}.unknown{color:var(--unknown)}.notApplicable{color:var(--na)}\
        .waived{color:var(--waived)}.conflict{color:var(--conflict)}
        .bg.pass{background:var(--pass-bg)}.bg.fail{background:var(--fail-bg)}.bg.unknown{background:var(--unknown-bg)}\
        .bg.notApplicable{background:var(--na-bg)}.bg.waived{background:var(--waived-bg)}\
        .bg.conflict{background:var(--conflict-bg)}
        svg.bar{display:block;width:100%;height:.75rem;margin:.75rem 0;border-radius:.375rem}
        svg.bar .pass{fill:var(--pass)}svg.bar .fail{fill:var(--fail)}svg.bar .unknown{fill:var(--unknown)}\
        svg.bar .notApplicable{fill:var(--na);opacity:.45}
        table{border-collapse:collapse;width:100%;font-size:.925rem}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        th,td{padding:.55rem .75rem;text-align:left;vertical-align:top}
        thead th{color:var(--soft);font-size:.8rem;font-weight:500;border-bottom:1px solid var(--line)}
        tbody th{font-weight:500}tbody th a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.2em}
        tbody tr+tr>*{border-top:1px solid var(--line)}
        .numbers td,.numbers thead th+th{text-align:right;font-variant-numeric:tabular-nums}
        .numbers .zero{color:var(--soft);opacity:.6}
        .scroll{overflow-x:auto}
        .id{display:block;color:var(--soft);font-size:.8rem;font-weight:400}
        .pill{display:inline-block;border-radius:1rem;padding:.05rem .6rem;font-size:.8rem;font-weight:600;\
        white-space:nowrap}
        .pill.plain{color:var(--soft);background:var(--na-bg);font-weight:500}
        .mark{width:2.25rem;text-align:center;font-weight:700}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .why{overflow-wrap:anywhere}
        .basis{display:block;color:var(--soft);font-size:.8rem}
        .matrix{table-layout:fixed}
        .matrix .c1{width:3rem}.matrix .c2{width:17rem}.matrix .c3,.matrix .c4{width:7.5rem}
        details.section{margin:.75rem 0;overflow:hidden}
        details.section>summary{display:flex;gap:.75rem;align-items:center;padding:.8rem 1rem;cursor:pointer;\
        list-style:none}
        details.section>summary::-webkit-details-marker{display:none}
        details.section>summary::before{content:"";flex:none;width:.45rem;height:.45rem;\
        border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg)}
        details.section[open]>summary::before{transform:rotate(45deg)}
        details.section>summary h3{margin:0;flex:1;font-size:1.05rem;font-weight:600}
        details.section>.scroll{border-top:1px solid var(--line)}
        summary:focus-visible,a:focus-visible{outline:2px solid var(--waived);outline-offset:2px;border-radius:.25rem}
        details.evidence{margin-top:.35rem;font-size:.85rem}
        details.evidence>summary{cursor:pointer;color:var(--waived);width:max-content}
        ul.seen{list-style:none;margin:.4rem 0 0;padding:0}
        ul.seen li{display:flex;flex-wrap:wrap;gap:.1rem .6rem;align-items:baseline;padding:.2rem .6rem;\
        border-left:3px solid var(--line);margin-bottom:.25rem}
        ul.seen li.exception{border-color:var(--fail)}
        code,.place{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85em;\
        overflow-wrap:anywhere}
        code{background:var(--code);border-radius:.25rem;padding:.1rem .35rem}
        .how{color:var(--soft);font-size:.8rem}
        .issue{padding:1rem 1.25rem;margin:.75rem 0;border-left-width:4px;scroll-margin-top:1rem}
        .issue.fail{border-left-color:var(--fail)}.issue.unknown{border-left-color:var(--unknown)}\
        .issue.conflict{border-left-color:var(--conflict)}
        .issue{color:inherit}
        .issue h3{margin:0 0 .25rem;font-size:1.05rem;font-weight:600;display:flex;flex-wrap:wrap;gap:.6rem;\
        align-items:baseline}
        .issue p{margin:.25rem 0;overflow-wrap:anywhere}
        .issue dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:.6rem 0 0;font-size:.925rem}
        .issue dt{color:var(--soft)}
        .issue dd{margin:0;min-width:0;overflow-wrap:anywhere}
        .issue ul.seen{margin:0}
        .soft{color:var(--soft)}
        a{color:var(--waived)}
        footer{margin-top:3rem;padding:1.25rem;color:var(--soft);font-size:.85rem}
        @media (max-width:44rem){h1{font-size:1.5rem}.tiles{grid-template-columns:repeat(2,1fr)}\
        .matrix{table-layout:auto}.matrix thead{display:none}.matrix col{display:none}\
        .matrix,.matrix tbody{display:block}\
        .matrix tr{display:grid;grid-template-columns:2rem 1fr auto auto;padding:.5rem .25rem}\
        .matrix tr+tr{border-top:1px solid var(--line)}.matrix tbody tr>*{border:0;padding:.2rem .4rem}\
        .matrix tr>.why{grid-column:2/-1}\
        .issue dl{grid-template-columns:1fr;gap:.1rem}.issue dt{margin-top:.4rem}}
        @media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--code:#f3f3f3}\
        body{font-size:10.5pt}details::details-content{content-visibility:visible;display:block;block-size:auto}\
        details.evidence>summary{display:none}details.section>summary::before{display:none}\
        .issue li,.seen li,.tile{break-inside:avoid}.matrix .c1{width:2rem}\
        .matrix .c2{width:10rem}.matrix .c3,.matrix .c4{width:5.5rem}h2,h3{break-after:avoid}main,header,footer{max-width:none;padding:0}\
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """
}
