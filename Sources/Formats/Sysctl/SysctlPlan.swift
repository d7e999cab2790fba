/// What systemd-sysctl writes at boot, merged from its directories as it merges them.
///
/// A file hides those of the same name in later directories; what remains is read in byte order of the file names,
/// wherever it lies. The last assignment of a key wins and moves to the end of the order of writing; one that repeats
/// the value in force keeps its place. A key with an assignment or an exclusion of its own is left alone by patterns.
/// Read in systemd's `src/sysctl/sysctl.c` of v252 and v260: the merge is the same in both (v260 also verifies writes).
public struct SysctlPlan: Hashable, Sendable {
    /// A file that took part in the merge.
    public struct File: Hashable, Sendable {
        /// Whether its bytes had a say.
        public enum State: Hashable, Sendable {
            /// Its assignments are in the plan.
            case read
            /// It only hides files of the same name.
            case masked
            /// A link that leads nowhere; hides like a mask.
            case dangling
            /// What it sets is not known.
            case unreadable(reason: String)
        }

        /// The path.
        public let path: String
        /// Whether its bytes had a say.
        public let state: State
        /// The files of the same name that it hides, highest priority first.
        public let hidden: [String]
    }

    /// The most patterns that a plan keeps; an input with more is recorded as `tooManyPatterns`.
    public static let maximumPatternCount = 4096

    /// The files in the order in which they are read.
    public let files: [File]
    /// Every assignment that was read, in order, the overridden ones too.
    public let history: [SysctlAssignment]
    /// The assignments in force, in the order in which they are written; exclusions are among them.
    public let assignments: [SysctlAssignment]
    /// What was ignored or doubtful.
    public let diagnostics: [SysctlDiagnostic]

    /// For each key its place in `assignments`.
    private let places: [SysctlKey: Int]
    /// For each key the places in `history` that name it.
    let mentions: [SysctlKey: [Int]]
    /// The place in `files` for each element of `history`.
    let origins: [Int]
    let isComplete: Bool

    /// Merges `directories` (highest priority first) and then `trailing` in the given order.
    public init(directories: [SysctlDirectory], trailing: [SysctlTrailingFile] = []) {
        var sources: [(path: String, contents: SysctlEntry.Contents, hidden: [String])] = []
        var indices: [[UInt8]: Int] = [:]
        var names: [[UInt8]] = []
        for directory in directories {
            for entry in directory.entries where entry.isConfiguration {
                if let index = indices[entry.name] {
                    sources[index].hidden.append(directory.path(of: entry))
                } else {
                    indices[entry.name] = sources.count
                    names.append(entry.name)
                    sources.append((directory.path(of: entry), entry.contents, []))
                }
            }
        }
        let order = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
        sources = order.map { sources[$0] } + trailing.map { ($0.path, $0.contents, []) }

        var merge = SysctlMerge()
        var files: [File] = []
        for source in sources {
            let state: File.State
            switch source.contents {
            case .bytes(let bytes):
                state = .read
                merge.add(SysctlFile(bytes, path: source.path), origin: files.count)
            case .masked: state = .masked
            case .dangling: state = .dangling
            case .unreadable(let reason):
                state = .unreadable(reason: reason)
                merge.diagnostics.append(
                    SysctlDiagnostic(
                        kind: .unreadable(reason: reason), location: SysctlLocation(path: source.path, line: 0)))
            }
            files.append(File(path: source.path, state: state, hidden: source.hidden))
        }
        self.files = files
        history = merge.history
        origins = merge.origins
        mentions = merge.mentions
        diagnostics = merge.diagnostics
        isComplete = merge.isComplete
        assignments = merge.slots.compactMap(\.self)
        places = Dictionary(uniqueKeysWithValues: assignments.enumerated().map { ($1.key, $0) })
    }

    /// The assignment or exclusion in force for exactly `key`; patterns are not tried.
    public func assignment(of key: SysctlKey) -> SysctlAssignment? { places[key].map { assignments[$0] } }

    /// The writes in their order, with patterns expanded to those of `keys` that they match.
    ///
    /// A key without a file in `/proc/sys` is written in vain; the caller knows which exist.
    public func writes(among keys: [SysctlKey]) -> [(key: SysctlKey, assignment: SysctlAssignment)] {
        assignments.flatMap { assignment -> [(key: SysctlKey, assignment: SysctlAssignment)] in
            guard assignment.value != nil, !assignment.key.hasParentReference else { return [] }
            guard assignment.key.isGlob else { return [(assignment.key, assignment)] }
            let glob = SysctlGlob(assignment.key)
            return keys.filter { places[$0] == nil && glob.matches($0) }.map { ($0, assignment) }
        }
    }
}

/// The state of the merge while files are read.
struct SysctlMerge {
    var slots: [SysctlAssignment?] = []
    var slotOf: [SysctlKey: Int] = [:]
    var history: [SysctlAssignment] = []
    var origins: [Int] = []
    var mentions: [SysctlKey: [Int]] = [:]
    var diagnostics: [SysctlDiagnostic] = []
    var patternCount = 0
    var isComplete = true

    mutating func add(_ file: SysctlFile, origin: Int) {
        diagnostics += file.diagnostics
        for assignment in file.assignments {
            if assignment.key.isGlob, slotOf[assignment.key] == nil {
                guard patternCount < SysctlPlan.maximumPatternCount else {
                    if isComplete {
                        diagnostics.append(SysctlDiagnostic(kind: .tooManyPatterns, location: assignment.location))
                    }
                    isComplete = false
                    continue
                }
                patternCount += 1
            }
            mentions[assignment.key, default: []].append(history.count)
            history.append(assignment)
            origins.append(origin)
            put(assignment)
        }
    }

    private mutating func put(_ assignment: SysctlAssignment) {
        if let slot = slotOf[assignment.key], let old = slots[slot] {
            if old.value == assignment.value {
                slots[slot] = SysctlAssignment(
                    key: old.key, value: old.value,
                    ignoresFailure: old.ignoresFailure || assignment.ignoresFailure, location: assignment.location)
                return
            }
            slots[slot] = nil
        }
        slotOf[assignment.key] = slots.count
        slots.append(assignment)
    }
}
