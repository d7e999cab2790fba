import ArgumentParser
import AssayPipelines
import AssayPolicy
import AssayTerminal

/// `assay profile list|show`: the profiles that are built in.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "List the built-in profiles, or print one to copy and edit.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// `assay profile list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the built-in profiles.",
            discussion: """
                EXAMPLES
                  assay profile list
                """)

        func run() async throws {
            let profiles = ProfileCatalog.all
            let width = profiles.map(\.name.count).max() ?? 0
            let lines = profiles.map { profile in
                let rows = profile.sections.map(\.rows.count).reduce(0, +)
                let name = profile.name + String(repeating: " ", count: width - profile.name.count)
                return "\(name)  version \(profile.version), \(rows) rows: \(profile.title)"
            }
            try OutputStream.standardOutput.write(lines.joined(separator: "\n") + "\n")
        }
    }

    /// `assay profile show NAME`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print a built-in profile as the YAML file that it is.",
            discussion: """
                EXAMPLES
                  assay profile show azure-linux-3 > mine.yaml
                """)

        @Argument(help: "The profile's name.")
        var name: String

        func run() async throws {
            guard let text = ProfileCatalog.text(named: name) else {
                throw CommandFailure(
                    status: .usage, message: "there is no profile '\(name.escapedForDisplay)'",
                    hint: Spelling.nearest(to: name, in: ProfileCatalog.all.map(\.name)).map {
                        "assay profile show \($0)"
                    }
                        ?? "assay profile list")
            }
            try OutputStream.standardOutput.write(text)
        }
    }
}
