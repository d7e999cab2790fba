import ArgumentParser
import AssayPipelines
import AssayTerminal
import AssayTrust

/// Programs that this one replaces when it is run under their names.
enum OtherName: String, CaseIterable {
    /// Fedora's and Azure Linux's update-ca-trust(8).
    case updateCATrust = "update-ca-trust"
    /// Azure Linux's script that splits a bundle.
    case bundleToPEM = "bundle2pem.sh"

    /// The name that the program was run under.
    init?(program: String) {
        self.init(rawValue: program.split(separator: "/").last.map(String.init) ?? "")
    }

    /// Runs as that program.
    ///
    /// - Throws: as commands do.
    func run(_ arguments: [String]) throws {
        switch self {
        case .updateCATrust: try UpdateCATrust(arguments).run()
        case .bundleToPEM: try OtherName.splitBundle(arguments)
        }
    }

    /// `bundle2pem.sh BUNDLE [TARGET]`; the target is the bundle's folder when it is not given.
    private static func splitBundle(_ arguments: [String]) throws {
        let usage = "bundle2pem.sh BUNDLE [TARGET]"
        if arguments.contains(where: { $0 == "-h" || $0 == "--help" }) {
            try OutputStream.standardOutput.write(
                "usage: \(usage)\nWrites one PEM file and hash link for each certificate of BUNDLE to the folder TARGET.\n"
            )
            return
        }
        guard (1...2).contains(arguments.count), !arguments.contains(where: { $0.hasPrefix("-") || $0.isEmpty }) else {
            throw CommandFailure(status: .usage, message: "the arguments are a bundle and a folder", hint: usage)
        }
        let slash = arguments[0].lastIndex(of: "/")
        let folder = slash.map { $0 == arguments[0].startIndex ? "/" : String(arguments[0][..<$0]) } ?? "."
        let session = Session(quiet: false, color: .auto)
        let report = try Trust.split(
            bundle: arguments[0], into: arguments.count == 2 ? arguments[1] : folder, toolVersion: Audit.toolVersion)
        for warning in report.warnings { session.console.warning(warning) }
    }
}

/// `update-ca-trust [COMMAND] [-o DIR]`.
private struct UpdateCATrust {
    private var output: String?
    private var isHelp = false
    private var unknown: [String] = []

    /// Commands that older versions had; they mean `extract`.
    private static let commands = ["extract", "check", "enable", "disable", "force-enable", "force-disable"]

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "-h" || word == "--help" {
                isHelp = true
            } else if word == "-o" || word == "--output" {
                guard let folder = rest.popFirst(), !folder.isEmpty else { throw UpdateCATrust.missingFolder }
                output = folder
            } else if word.hasPrefix("--output=") {
                output = String(word.dropFirst("--output=".count))
                if output?.isEmpty == true { throw UpdateCATrust.missingFolder }
            } else if word.hasPrefix("-") {
                throw CommandFailure(
                    status: .usage, message: "unknown option '\(word.escapedForDisplay)'",
                    hint: "update-ca-trust [extract] [-o DIR]")
            } else if !UpdateCATrust.commands.contains(word) {
                unknown.append(word)
            }
        }
    }

    private static var missingFolder: CommandFailure {
        CommandFailure(status: .usage, message: "--output needs a folder", hint: "update-ca-trust [extract] [-o DIR]")
    }

    func run() throws {
        if isHelp {
            try OutputStream.standardOutput.write(
                """
                usage: update-ca-trust [extract] [-o DIR]
                Makes the store of certificate authorities from its sources; this is 'assay trust update'.

                """)
            return
        }
        let session = Session(quiet: false, color: .auto)
        for word in unknown { session.console.warning("unknown command '\(word.escapedForDisplay)', ignoring") }
        var request = TrustUpdateRequest(
            system: TrustSystem(isCompatible: false), now: try Session.evaluationSeconds(),
            toolVersion: Audit.toolVersion)
        request.output = output
        request.time = try Session.sourceDateEpoch()
        session.warn(of: try session.explainingFaults("the old store is kept") { try Trust.update(request) })
    }
}
