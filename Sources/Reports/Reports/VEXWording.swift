import AssayFindings

extension VEXNote {
    /// The statement in one sentence: who says what, since when, in which file.
    var text: String {
        let why = [justification, statement].compactMap { $0 }.joined(separator: ": ")
        return
            "\(author) says \(status.replacing("_", with: " "))\(why.isEmpty ? "" : " (\(why))") of \(vulnerability), "
            + "\(timestamp), \(source)"
    }
}
