import AssayBytes

/// What a reader found in a source file so far.
struct SourceNotes {
    /// The most things that a file may say.
    static let objectLimit = 100_000
    /// The most warnings about a file; more change nothing.
    static let warningLimit = 100
    /// The most bytes of a name that a reason repeats.
    private static let quotedLimit = 60

    let path: String
    private(set) var objects: [TrustObject] = []
    private(set) var warnings: [SourceFault] = []

    init(path: String) { self.path = path }

    func fault(_ line: Int?, _ reason: String) -> SourceFault { SourceFault(path: path, line: line, reason: reason) }

    mutating func warn(_ line: Int?, _ reason: String) {
        if warnings.count < SourceNotes.warningLimit { warnings.append(fault(line, reason)) }
    }

    mutating func add(_ object: TrustObject, line: Int) throws(SourceFault) {
        guard objects.count < SourceNotes.objectLimit else {
            throw fault(line, "more than \(SourceNotes.objectLimit) objects in a file")
        }
        objects.append(object)
    }

    /// Adds what was found in the part of the file behind.
    mutating func add(_ part: SourceNotes) throws(SourceFault) {
        for object in part.objects { try add(object, line: object.line) }
        for warning in part.warnings { warn(warning.line, warning.reason) }
    }

    /// A certificate that begins in `line`.
    func certificate(_ der: [UInt8], line: Int) throws(SourceFault) -> TrustCertificate {
        do { return try TrustCertificate(der: der) } catch { throw fault(line, error.reason) }
    }

    /// `text` for a reason: escaped, in single ticks, not too long.
    static func quoted(_ text: some Collection<UInt8>) -> String {
        let dots = text.count > quotedLimit ? "…" : ""
        return "'\(EscapedText(text.prefix(quotedLimit)))\(dots)'"
    }
}
