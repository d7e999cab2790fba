import AssaySecurityText
import AssayTestSupport
import Foundation
import Testing

@Test(.enabled(if: PythonPackage.sectxt.programs != nil, "PyPI gives no sectxt here"))
func `sectxt says the same of every file`() throws {
    let python = try #require(PythonPackage.sectxt.programs) + "/python"
    let scratch = ScratchDirectory()
    for (index, test) in SecurityTextCase.all.enumerated() { try scratch.write("\(index).txt", test.text) }
    // The reference asks the clock; it is set to the tests' time.
    try scratch.write(
        "judge.py",
        """
        import datetime, sys, sectxt
        class Fixed(datetime.datetime):
            @classmethod
            def now(cls, tz=None): return cls.fromtimestamp(\(SecurityTextCase.time), tz)
        sectxt.datetime = Fixed
        for index in range(int(sys.argv[1])):
            parser = sectxt.Parser(open(f"{index}.txt", "rb").read())
            found = parser.errors + parser.recommendations + parser.notifications
            print(" ".join(sorted({i["code"] for i in found})))
        """)
    let result = shell("\(python) judge.py \(SecurityTextCase.all.count)", in: scratch.path)
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    try #require(lines.count == SecurityTextCase.all.count + 1, "\(result.errorText)")
    // Three words of the reference for a signature that cannot be read are one here.
    func folded(_ codes: [String]) -> Set<String> {
        Set(codes.map { $0.replacingOccurrences(of: "_", with: "-") }.map { $0.hasPrefix("pgp-") ? "pgp-error" : $0 })
    }
    for (test, line) in zip(SecurityTextCase.all, lines) {
        let mine = folded(SecurityText(Array(test.text.utf8)).judge(at: SecurityTextCase.time).map(\.code.rawValue))
        let theirs = folded(line.split(separator: " ").map(String.init))
        #expect(mine.subtracting(test.known) == theirs.subtracting(test.known), "\(test.name)")
    }
}
