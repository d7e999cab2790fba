import AssayBytes
import AssayFacts
import AssayFileSystem

/// Collects the build settings that a subject carries: the compiler flags of its RPM macros, or dpkg's defaults.
///
/// Only what is defined is reported, nothing is evaluated: macros are programs.
struct BuildSettingsCollector {
    static let flag = "-Werror=format-security"
    private static let debian: TreePath = "/usr/share/perl5/Dpkg/Vendor/Debian.pm"

    let reader: SubjectReader

    init(_ reader: SubjectReader) { self.reader = reader }

    func collect() -> [Sourced<String>] {
        // A Debian with rpm on it builds its packages with dpkg.
        if case .found(let text) = reader.text(BuildSettingsCollector.debian) { return [dpkgDefault(text)] }
        guard reader.exists("/var/lib/dpkg/status") != true else { return [] }
        return rpmMacros()
    }

    /// The line of dpkg's build flags that adds the flag, or the file as a whole without it.
    private func dpkgDefault(_ text: String) -> Sourced<String> {
        let path = BuildSettingsCollector.debian.description
        for line in TextLines(text) where line.text.contains(BuildSettingsCollector.flag) {
            guard let first = line.text.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            return Sourced(shown(String(line.text)), Place(path, line: line.number))
        }
        return Sourced("dpkg-buildflags without \(BuildSettingsCollector.flag)", Place(path))
    }

    private struct Macro {
        let body: String
        let place: Place
    }

    /// Macros that hold the flags for every package: Azure Linux and Fedora up to 35, Fedora from 36, openSUSE.
    private static let flagMacros: Set<String> = ["__global_compiler_flags", "_warnings_options", "optflags"]

    /// The definitions in force that hold the flag; without any, those that hold the flags of every package.
    private func rpmMacros() -> [Sourced<String>] {
        var macros: [String: Macro] = [:]
        for path in macroFiles() {
            guard let text = reader.text(path).value else { continue }
            BuildSettingsCollector.read(text, path, into: &macros)
        }
        let relevant = macros.filter { name, macro in
            macro.body.contains(BuildSettingsCollector.flag)
                || (BuildSettingsCollector.flagMacros.contains(name) && macro.body.contains("-O"))
        }
        let holding = relevant.filter { $0.value.body.contains(BuildSettingsCollector.flag) }
        return (holding.isEmpty ? relevant : holding).sorted { $0.key < $1.key }
            .map { Sourced(shown("%\($0.key) \($0.value.body)"), $0.value.place) }
    }

    /// The files in the order in which rpm reads them, so that the last definition of a macro is in force (rpmrc).
    private func macroFiles() -> [TreePath] {
        let base: TreePath = "/usr/lib/rpm"
        var files: [TreePath] = ["/usr/lib/rpm/macros"]
        func names(_ directory: TreePath) -> [DirectoryEntry] {
            (reader.entries(directory).value ?? []).filter { $0.text.hasPrefix("macros.") }
        }
        for entry in names("/usr/lib/rpm/macros.d") { files.append("/usr/lib/rpm/macros.d" + entry) }
        for entry in reader.entries(base).value ?? [] {
            let path = base.appending(entry.name)
            // `platform` holds one directory for each architecture, whose flags come from rpmrc.
            guard !["macros.d", "platform", "fileattrs"].contains(entry.text), entry.type != .regular else { continue }
            if reader.exists(path.appending("macros")) == true { files.append(path.appending("macros")) }
        }
        for entry in names("/etc/rpm") { files.append("/etc/rpm" + entry) }
        files.append("/etc/rpm/macros")
        return files
    }

    /// `%name body`; a backslash at the end of a line, or an open brace, continues the body.
    private static func read(_ text: String, _ path: TreePath, into macros: inout [String: Macro]) {
        var name = ""
        var body = ""
        var start = 0
        var depth = 0
        func end() {
            guard !name.isEmpty else { return }
            macros[name] = Macro(body: body, place: Place(path.description, line: start))
            name = ""
        }
        for line in TextLines(text) {
            var rest = line.text
            if name.isEmpty {
                guard rest.hasPrefix("%"), macros.count < 50_000 else { continue }
                let word = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                guard !word.isEmpty else { continue }
                name = String(word)
                body = ""
                start = line.number
                depth = 0
                rest = rest.dropFirst(word.count + 1)
            }
            let isContinued = rest.hasSuffix("\\")
            let piece = isContinued ? rest.dropLast() : rest
            if body.utf8.count < 65_536 { body += (body.isEmpty ? "" : " ") + piece.drop { $0 == " " || $0 == "\t" } }
            for byte in piece.utf8 {
                if byte == 0x7B { depth += 1 } else if byte == 0x7D { depth -= 1 }
            }
            if !isContinued, depth <= 0 { end() }
        }
        end()
    }

    /// One line for a report: blanks joined, and no longer than people read.
    private func shown(_ text: String) -> String {
        let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
        guard words.count > 240 else { return EscapedText(words).description }
        // What the check looks for must stay in sight.
        let flag =
            words.contains(BuildSettingsCollector.flag) && !words.prefix(240).contains(BuildSettingsCollector.flag)
        return EscapedText(words.prefix(240) + " …" + (flag ? " \(BuildSettingsCollector.flag) …" : "")).description
    }
}

extension TreePath {
    /// The path of `entry` in the directory `directory`.
    fileprivate static func + (directory: TreePath, entry: DirectoryEntry) -> TreePath {
        directory.appending(entry.name)
    }
}
