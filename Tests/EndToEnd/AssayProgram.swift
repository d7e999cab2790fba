import AssayTestSupport
import Foundation

/// The program under test, run as a user runs it.
enum Assay {
    /// `ASSAY_BINARY`, else the program that was built beside the tests, else the debug build of this package.
    static let binary: String = {
        if let given = ProcessInfo.processInfo.environment["ASSAY_BINARY"] { return given }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: tests).deletingLastPathComponent().appending(path: "assay").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : package + "/.build/debug/assay"
    }()

    /// The package's own folder.
    static let package = String(URL(filePath: #filePath).path.dropLast("/Tests/EndToEnd/AssayProgram.swift".count))

    /// Whether the tests run as root, who may read everything and make device nodes.
    static let isRoot = shell("id -u").text == "0\n"

    /// Runs `script` in `directory`, in which the function `assay` is the program, ended after a minute.
    ///
    /// The environment says nothing of colour, time or width. Status 124 or 137 means that it did not end.
    static func run(_ script: String, in directory: String, arguments: [String] = []) -> ShellResult {
        let prelude = """
            unset NO_COLOR SOURCE_DATE_EPOCH COLUMNS; export LC_ALL=C.UTF-8 TERM=xterm ASSAY='\(binary)'
            assay() { timeout -k 5 60 "$ASSAY" "$@"; }
            """
        return shell(prelude + "\n" + script, in: directory, arguments: arguments)
    }
}

extension ShellResult {
    /// The lines on standard error.
    var errorLines: [String] { errorText.split(separator: "\n").map(String.init) }

    /// Whether it ended by itself, with an answer: 0, 1 or 2.
    var isAnswer: Bool { (0...2).contains(status) }
}

/// Checks many reports against the schema in one run of Python.
enum ReportSchema {
    private static let script = """
        import json, jsonschema, sys
        validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
        for path in sys.argv[2:]:
            try:
                report = json.loads(open(path, "rb").read().decode("utf-8", errors="strict"))
            except ValueError as error:
                print(f"{path}: {error}")
                continue
            for error in list(validator.iter_errors(report))[:3]:
                print(f"{path}: {error.json_path}: {error.message[:200]}")
        """

    /// Whether Python has the module jsonschema.
    static let isAvailable =
        ProcessInfo.processInfo.environment["CI"] != nil || shell("python3 -c 'import jsonschema'").status == 0

    /// What is wrong with the JSON reports at `paths`, empty when each is valid.
    static func faults(_ paths: [String]) -> String {
        let result = shell(
            "exec python3 -c \"$@\"",
            arguments: [script, Assay.package + "/docs/schema/audit-report.schema.json"] + paths)
        return result.text + (result.status == 0 ? "" : result.errorText)
    }
}
