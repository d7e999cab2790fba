import AssayBootLoader
import AssayBytes
import AssayFacts
import AssayFileSystem

/// Finds the files that a GRUB script asks for, and remembers where they were.
///
/// Which file system GRUB's root is, only the firmware knows: the boot file system is tried first, then the root
/// directory, then UEFI's.
final class GrubFiles {
    /// Behind this, files are reported as unreadable.
    private static let budget = 64 << 20
    /// What GRUB's evaluator accepts of one file; a longer one is cut so that it is refused there.
    private static let largest = SubjectReader.configurationLimit

    private let reader: SubjectReader
    private var known: [String: GrubFile] = [:]
    private var places: [String: TreePath] = [:]
    private var size = 0

    init(_ reader: SubjectReader) { self.reader = reader }

    /// Where the file that GRUB calls `path` is in the subject; `path` itself when it is not known.
    func place(_ path: String) -> TreePath { places[path] ?? TreePath(path) }

    /// The paths in the subject that GRUB may mean by `path`.
    static func candidates(_ path: String) -> [TreePath] {
        let names = TreePath(path).names
        return (["/boot", "/", "/boot/efi", "/efi"] as [TreePath]).map { TreePath(names: $0.names + names) }
    }

    /// What GRUB would find at `path`.
    func find(_ path: String) -> GrubFile {
        if let file = known[path] { return file }
        guard known.count < 4096 else { return .unreadable(reason: "the script asks for too many files") }
        var result = GrubFile.absent
        for candidate in GrubFiles.candidates(path) {
            switch reader.status(candidate) {
            case .absent: continue
            case .unreadable(let reason): result = .unreadable(reason: reason)
            case .found(let status): result = read(candidate, status)
            }
            places[path] = candidate
            break
        }
        known[path] = result
        return result
    }

    private func read(_ path: TreePath, _ status: FileStatus) -> GrubFile {
        switch status.type {
        case .directory:
            switch reader.entries(path) {
            case .absent: return .absent
            case .unreadable(let reason): return .unreadable(reason: reason)
            case .found(let entries): return .directory(entries.map { String(decoding: $0.name, as: UTF8.self) })
            }
        case .regular:
            guard size < GrubFiles.budget else { return .unreadable(reason: "the script asks for too many bytes") }
            let content = reader.reading {
                try reader.root.open(path).prefix(at: .zero, atMost: GrubFiles.largest + 1)
            }
            switch content {
            case .absent: return .absent
            case .unreadable(let reason): return .unreadable(reason: reason)
            case .found(let bytes):
                size += bytes.count
                return .bytes(bytes)
            }
        case .symbolicLink, .special: return .unreadable(reason: "not a regular file")
        }
    }
}

/// What the GRUB scripts of a subject say.
struct GrubReading {
    /// The command lines, the default entry's first.
    private(set) var lines: [BootLine] = []
    /// What could not be read or evaluated.
    private(set) var gaps: [Gap] = []
    /// Why the default entry is not known, if it is not.
    private(set) var undecidedDefault: String?
    /// The loader entries that a script reads by `blscfg`.
    private(set) var loaderEntries: Set<TreePath> = []
    /// Whether there is a script that boots something.
    var decides: Bool { !lines.isEmpty }

    private let reader: SubjectReader
    private let files: GrubFiles

    init(_ reader: SubjectReader) {
        self.reader = reader
        files = GrubFiles(reader)
        var seen: Set<Place> = []
        for path in paths() {
            switch reader.bytes(path) {
            case .absent: continue
            case .unreadable(let reason): gaps.append(Gap(Place(path.description), reason: reason))
            case .found(let script): evaluate(script, path, &seen)
            }
        }
    }

    /// The scripts: the one that grub-mkconfig writes first, then those beside GRUB on UEFI's file system.
    private mutating func paths() -> [TreePath] {
        var paths: [TreePath] = ["/boot/grub2/grub.cfg", "/boot/grub/grub.cfg"]
        for base: TreePath in ["/boot/efi/EFI", "/efi/EFI", "/boot/EFI"] {
            switch reader.entries(base) {
            case .absent: continue
            case .unreadable(let reason): gaps.append(Gap(Place(base.description), reason: reason))
            case .found(let entries):
                for entry in entries.prefix(32) where entry.type != .regular {
                    paths.append(base.appending(entry.name).appending("grub.cfg"))
                }
            }
        }
        return paths
    }

    private mutating func evaluate(_ script: [UInt8], _ path: TreePath, _ seen: inout Set<Place>) {
        let files = files
        let configuration = GrubConfiguration(
            script: script, path: path.description, variables: ["prefix": path.parent.description],
            files: { files.find($0) })
        for reason in configuration.missing {
            gaps.append(Gap(Place(path.description), reason: "entries may be missing: \(EscapedText(reason))"))
        }
        let defaultEntry = configuration.defaultEntry.entry
        var found: [BootLine] = []
        for entry in configuration.bootEntries {
            for kernel in entry.action.kernels {
                var line = self.line(entry, kernel, isDefault: entry.position == defaultEntry?.position)
                // The same line is met again when one script runs another that was read before.
                guard !seen.contains(line.facts.place) else { continue }
                if case .undecided(_, let reason) = entry.action {
                    line.facts.unresolved.append("which kernel the entry boots: \(EscapedText(reason))")
                }
                found.append(line)
            }
        }
        seen.formUnion(found.map(\.facts.place))
        if !found.isEmpty, undecidedDefault == nil, case .undecided(let reason) = configuration.defaultEntry {
            undecidedDefault = EscapedText(reason).description
        }
        lines += found.filter(\.facts.isDefault) + found.filter { !$0.facts.isDefault }
    }

    private mutating func line(_ entry: GrubEntry, _ kernel: GrubKernel, isDefault: Bool) -> BootLine {
        let file = files.place(kernel.location.path)
        var place = Place(file.description, line: kernel.location.line)
        var source = CommandLineFacts.Source.grub
        // What blscfg makes of a loader entry stands on no line of a script.
        if entry.location.line == 0 {
            source = .bootLoaderEntry
            loaderEntries.insert(file)
            place.line = nil
            if case .bytes(let bytes) = files.find(kernel.location.path) {
                place.line = LoaderEntry(bytes, fileName: file.lastName).optionLines.first
            }
        }
        let title = entry.title.text
        let facts = CommandLineFacts(
            source: source, kernel.commandLine.text, place: place, entry: title.isEmpty ? nil : title,
            isDefault: isDefault, unresolved: kernel.commandLine.doubts.map(\.description))
        return BootLine(
            rank: source == .grub ? .grub : .loaderEntry, target: GrubReading.target(kernel.path), facts: facts)
    }

    /// The kernel of a `linux` line, as far as its path is known.
    static func target(_ path: GrubValue) -> BootLine.Target {
        var text = path.text[...]
        if text.first == "(", let end = text.firstIndex(of: ")") { text = text[text.index(after: end)...] }
        let last = text.split(separator: "/").last ?? ""
        func isKnown(_ part: Substring) -> Bool {
            path.doubts.allSatisfy { doubt in
                (doubt.kind == .variable || doubt.kind == .placeholder) && !doubt.token.isEmpty
                    && !part.contains(doubt.token)
            }
        }
        if isKnown(text), !last.isEmpty { return .path(String(text)) }
        // The release is in the file name: where the file lies does not matter.
        return isKnown(last) && !last.isEmpty ? .path(String(last)) : .every
    }
}
