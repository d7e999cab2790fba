import AssayFacts

extension Facts {
    /// Whether the subject is a set of configuration files without a single program.
    ///
    /// Such a tree is judged as the system that it is for: its files are taken as applied, and that a program or module is
    /// missing from it says nothing.
    var isConfigurationOnly: Bool {
        subject.kind == .rootDirectory && elf.map { $0.files.isEmpty && $0.gaps.isEmpty } ?? false
    }
}
