import ArgumentParser
import AssayFindings
import AssayPipelines
import AssayTerminal

/// `assay explain CHECK`: a check's page.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a check asks, why, and how it is proven.",
        discussion: """
            EXAMPLES
              assay explain kernel.lockdown
              assay explain --list
            """)

    @Argument(help: ArgumentHelp("The check's id, as reports show it.", valueName: "check"))
    var check: String?

    @Flag(help: "List all checks.")
    var list = false

    func validate() throws {
        guard list || check != nil else {
            throw ValidationError("a check is missing; 'assay explain --list' lists them")
        }
    }

    func run() async throws {
        if list {
            let width = Audit.checks.map(\.count).max() ?? 0
            let lines = Audit.checks.map { id in
                id + String(repeating: " ", count: width - id.count + 2) + (Audit.page(of: id)?.title ?? "")
            }
            return try OutputStream.standardOutput.write(lines.joined(separator: "\n") + "\n")
        }
        let id = check ?? ""
        guard let page = Audit.page(of: id) else {
            let nearest = Spelling.nearest(to: id, in: Audit.checks)
            throw CommandFailure(
                status: .usage, message: "there is no check '\(id.escapedForDisplay)'",
                hint: nearest.map { "assay explain \($0)" } ?? "assay explain --list")
        }
        let parts = [
            ("Why", page.why), ("How it is proven", page.proof), ("What to do", page.remedy),
            ("Reference", page.reference),
        ]
        let width = min(OutputStream.columns, 100)
        let text = parts.map { heading, text in "\(heading)\n\(text.wrapped(at: width - 2, indent: "  "))" }
        try OutputStream.standardOutput.write("\(page.id): \(page.title)\n\n\(text.joined(separator: "\n\n"))\n")
    }
}
