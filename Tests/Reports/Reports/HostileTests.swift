import AssayFindings
import AssayReports
import AssayTestSupport
import Foundation
import Testing

/// Whether a scalar may be written to a terminal.
private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\n"
    case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
}

@Test(arguments: ReportFormat.allCases)
func `no control, invisible or reordering character is written`(format: ReportFormat) {
    for detail in [ReportOptions.Detail.exceptions, .everything] {
        let text = render(Fixture.hostile.result, as: format, options: ReportOptions(detail: detail))
        let first = text.unicodeScalars.first { !isHarmless($0) }
        #expect(first == nil)
    }
}

@Test
func `a page holds no element, link or attribute that the subject made up`() {
    let clean = render(Fixture.azure.result, as: .html)
    let page = render(Fixture.hostile.result, as: .html)
    let known = Set(clean.matches(of: /<([a-z0-9]+)/).map { String($0.1) })
    for match in page.matches(of: /<([a-zA-Z!\/][a-zA-Z0-9-]*)/) {
        let name = match.1.hasPrefix("/") ? match.1.dropFirst() : match.1
        #expect(known.contains(String(name)) || name == "!DOCTYPE", "\(match.0)")
    }
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("javascript:alert(1)\""))
    for match in page.matches(of: /href="([^"]*)"/) {
        #expect(match.1.hasPrefix("https://") || match.1.hasPrefix("#"), "\(match.1)")
    }
    #expect(!clean.contains("src=") && !clean.contains("@import") && !clean.contains("url("))
    #expect(clean.contains("default-src 'none'"))
}

@Test
func `a Markdown table keeps its columns`() {
    for fixture in Fixture.allCases {
        let text = render(fixture.result, as: .markdown, options: ReportOptions(detail: .everything))
        var columns = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = 0
                continue
            }
            let unescaped = line.replacing(/\\./, with: "")
            let count = unescaped.count { $0 == "|" }
            if columns > 0 { #expect(count == columns, "\(line)") }
            columns = count
        }
    }
}

@Test(.enabled(if: isAvailable("python3")))
func `JUnit is XML with the right numbers, HTML has balanced elements`() throws {
    let directory = ScratchDirectory()
    for fixture in Fixture.allCases {
        let options = ReportOptions(detail: .everything)
        try directory.write("\(fixture).xml", render(fixture.result, as: .junit, options: options))
        try directory.write("\(fixture).html", render(fixture.result, as: .html))
    }
    let script = """
        import sys, glob, html.parser, xml.etree.ElementTree as tree
        for path in sorted(glob.glob('*.xml')):
            root = tree.parse(path).getroot()
            assert root.tag == 'testsuites', root.tag
            cases = root.findall('testsuite/testcase')
            for name, tag in [('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')]:
                found = sum(case.find(tag) is not None for case in cases)
                assert int(root.get(name)) == found, (path, name, found)
                for suite in root.findall('testsuite'):
                    assert int(suite.get(name)) == len(suite.findall('testcase/' + tag)), (path, name)
            assert int(root.get('tests')) == len(cases), path
        class Checker(html.parser.HTMLParser):
            stack = []
            def handle_starttag(self, tag, attributes):
                if tag not in ('meta', 'col'): self.stack.append(tag)
            def handle_startendtag(self, tag, attributes): assert tag == 'rect', tag
            def handle_endtag(self, tag): assert self.stack.pop() == tag, tag
        for path in sorted(glob.glob('*.html')):
            checker = Checker()
            checker.feed(open(path, encoding='utf-8').read())
            checker.close()
            assert checker.stack == [], checker.stack
        print('checked', len(glob.glob('*.xml')), len(glob.glob('*.html')))
        """
    try directory.write("check.py", script)
    let result = shell("python3 check.py", in: directory.path)
    #expect(result.text == "checked 4 4\n", "\(result.errorText)")
}

@Test
func `the 10,000 characters of a value are cut where people read, and whole in JSON`() {
    let result = Fixture.hostile.result
    let long = String(repeating: "0123456789", count: 1_000)
    #expect(render(result, as: .json).contains(long))
    for format in [ReportFormat.text, .html, .markdown, .junit] {
        #expect(!render(result, as: format).contains(long.prefix(2_100)), "\(format)")
    }
}
