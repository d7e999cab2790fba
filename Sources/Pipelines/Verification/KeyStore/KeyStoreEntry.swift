import AssayOpenPGP

/// What a file of a source's folder is, by its name.
enum KeyStoreEntry: Hashable {
    /// A certificate.
    case certificate(Fingerprint)
    /// A certificate of this fingerprint is not accepted.
    case disabled(Fingerprint)
    /// Patterns of file names.
    case fileNames

    /// The name of the file with the patterns.
    static let fileNamesName = "file-names"

    /// What the file `name` is; nil for a name that has no place here.
    init?(_ name: [UInt8]) {
        guard let text = String(validating: name, as: UTF8.self) else { return nil }
        if text == Self.fileNamesName {
            self = .fileNames
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        // The name is written in one way only, so that no two files are the same certificate.
        guard parts.count == 2, let fingerprint = Fingerprint(String(parts[0])), parts[0] == fingerprint.description
        else { return nil }
        switch parts[1] {
        case "asc", "pgp": self = .certificate(fingerprint)
        case "disabled": self = .disabled(fingerprint)
        default: return nil
        }
    }
}
