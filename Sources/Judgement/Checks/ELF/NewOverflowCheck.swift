import AssayFacts
import AssayFindings
import AssayPolicy

/// C++ checks the size of new[] for overflow.
///
/// Why: the number of elements times their size can wrap around; the array is then smaller than the program believes.
///
/// Proof: the subject's libstdc++ exports __cxa_throw_bad_array_new_length, which code built by GCC 4.8 or later calls.
/// This is a property of the compiler and its library, not a setting of the image.
///
/// Remedy: use GCC 4.8 or later, with its libstdc++.
///
/// Reference: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=19351
enum NewOverflowCheck: Check {
    static let id = "libc.new-overflow"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        guard let libraries = facts.elf?.newOverflowCheck, !libraries.isEmpty else {
            return facts.elf?.gaps.isEmpty == false
                ? .unknown("no libstdc++ could be read") : .notApplicable("the subject has no libstdc++")
        }
        let evidence = libraries.map { library in
            Evidence(
                Location(library.place),
                library.value ? "exports __cxa_throw_bad_array_new_length" : "no __cxa_throw_bad_array_new_length",
                how: "dynamic symbols", isException: !library.value)
        }
        let isOn = libraries.allSatisfy(\.value)
        return Judgement(
            isOn ? .pass : Judgement.verdict(of: .off, expected: context.expected), isOn ? .on : .off, .measured,
            isOn
                ? "libstdc++ throws when the size of an array overflows"
                : "libstdc++ does not check the size of arrays",
            decidedBy: "C++ library", evidence: evidence)
    }
}
