import ArgumentParser
import AssayFindings
import AssayPipelines
import AssayPolicy

/// What a subject is judged by: options that mean the same in every command that judges.
struct JudgementOptions: ParsableArguments {
    @Option(help: "The profile to judge by: a name of 'assay profile list' or a YAML file.")
    var profile: String?

    @Option(help: ArgumentHelp("A policy file (YAML) with waivers and the gate's threshold.", valueName: "file"))
    var policy: String?

    @Option(help: "The lowest severity that counts: info, low, medium, high, critical or none (default: low).")
    var failOn: FailOn?

    /// The files that are read for it.
    var files: [String] { [policy, profile].compactMap { $0 } }

    /// The profile that was named, if one was.
    func loadProfile() throws -> Profile? {
        guard let profile else { return nil }
        if let known = ProfileCatalog.profile(named: profile) { return known }
        guard profile.contains("/") || profile.hasSuffix(".yaml") || profile.hasSuffix(".yml") else {
            let nearest = Spelling.nearest(to: profile, in: ProfileCatalog.all.map(\.name))
            throw CommandFailure(
                status: .usage, message: "there is no profile '\(profile.escapedForDisplay)'",
                hint: nearest.map { "--profile \($0)" } ?? "assay profile list")
        }
        return try inFile(profile) { try ProfileFile.parse($0, knownChecks: Set(Audit.checks)) }
    }

    /// A profile that the tool has itself.
    static func builtIn(_ name: String) throws -> Profile {
        guard let profile = ProfileCatalog.profile(named: name) else {
            throw CommandFailure(status: .bug, message: "there is no profile '\(name)'")
        }
        return profile
    }

    /// The policy file, or what holds without one.
    func loadPolicy() throws -> PolicyFile {
        guard let policy else { return PolicyFile() }
        return try inFile(policy) { try PolicyFile.parse($0, knownChecks: Set(Audit.checks)) }
    }

    /// The end of the command, unless the outcome is a pass or the user only wants the report.
    func end(_ outcome: Outcome) throws {
        if failOn == FailOn.none { return }
        try CommandEnd.throwUnlessPass(outcome)
    }

    /// Reads a profile or policy file and says of its errors where they are.
    private func inFile<Value>(_ path: String, _ parse: ([UInt8]) throws -> Value) throws -> Value {
        let bytes = try Audit.file(at: path, limit: 2 << 20)
        do {
            return try parse(bytes)
        } catch let error as PolicyError {
            let place = [error.line, error.column].compactMap { $0.map { ":\($0)" } }.joined()
            throw CommandFailure(
                status: .usage, message: "'\(path.escapedForDisplay)\(place)': \(error.message)")
        }
    }
}

/// The values of `--fail-on`.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    case info
    case low
    case medium
    case high
    case critical
    /// Report only: the exit code is 0 whatever was found.
    case none

    var severity: Severity { Severity(rawValue: rawValue) ?? .critical }
}
