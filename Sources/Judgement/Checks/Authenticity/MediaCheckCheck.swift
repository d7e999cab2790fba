import AssayFacts
import AssayFindings
import AssayPolicy

/// The embedded media check fits.
///
/// Why: The check that installers offer is an MD5 that stands inside the image: it finds a bad medium, and proves
/// nothing about its maker.
///
/// Proof: The MD5 that implantisomd5 wrote into the image, and its fragments, recomputed in the same pass over the
/// file.
///
/// Remedy: Get the image again: a signed image with a wrong media check was changed after the check was implanted.
///
/// Reference: https://github.com/rhinstaller/isomd5sum
enum MediaCheckCheck: FileCheck {
    static let id = "identity.media-check"
    static let severity = Severity.medium

    static func judge(_ question: FileQuestion) -> Judgement {
        guard let image = question.file.image else { return .notApplicable("only ISO images have one") }
        switch image.mediaCheck {
        case .absent: return .notApplicable("none is implanted")
        case .unreadable(let place, let reason):
            return .unknown(
                reason, evidence: [Evidence(Location(place), reason, how: "media check", isException: true)])
        case .found(let check, let place):
            guard let computed = check.computed else { return .unknown("it was not computed") }
            let isRight = computed == check.expected
            let fragment = check.firstWrongFragment.map { ", from fragment \($0) on" } ?? ""
            return Judgement(
                isRight ? .pass : .fail, isRight ? .on : .off, .measured,
                isRight
                    ? "fits, over \(check.length) bytes" : "MD5 \(computed), implanted is \(check.expected)\(fragment)",
                evidence: [Evidence(Location(place), check.expected, how: "implanted MD5", isException: !isRight)])
        }
    }
}
