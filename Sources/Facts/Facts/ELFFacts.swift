/// The ELF files of a subject.
public struct ELFFacts: Codable, Hashable, Sendable {
    /// The files, by path; a file with several names once, under the first.
    public var files: [ELFFileFacts] = []
    /// The C libraries that were found, with what they offer.
    public var cLibraries: [CLibraryFacts] = []
    /// The C++ library's check of `new[]` sizes, by library path: whether it exports `__cxa_throw_bad_array_new_length`.
    public var newOverflowCheck: [Sourced<Bool>] = []
    /// Files that begin as ELF but are malformed, or could not be read.
    public var gaps: [Gap] = []
    /// `/etc/ld.so.preload` and its lines, if any.
    public var preloads: [Sourced<String>] = []
    /// How many compiled-in build settings were found that say something about format security, each with its place.
    public var buildSettings: [Sourced<String>] = []

    /// Starts with nothing.
    public init() {}
}

/// One ELF file and how it was hardened.
public struct ELFFileFacts: Codable, Hashable, Sendable {
    /// What kind of file it is.
    public enum Kind: String, Codable, Hashable, Sendable {
        /// A program at a fixed address, with an interpreter.
        case executable
        /// A position-independent program.
        case pie
        /// A program at a fixed address without an interpreter.
        case staticExecutable
        /// A position-independent program without an interpreter.
        case staticPIE
        /// A shared object.
        case sharedObject
        /// A relocatable object (`.o`).
        case relocatable
        /// A kernel module.
        case kernelModule
        /// Separate debug information.
        case debugFile
        /// A core dump.
        case core
        /// Another `e_type`.
        case other
    }

    /// A property that a file has, has not, cannot have, or that cannot be told.
    public struct Property: Codable, Hashable, Sendable {
        /// The answers.
        public enum State: String, Codable, Hashable, Sendable {
            /// It has it.
            case yes
            /// It has a part of it (partial RELRO, some functions).
            case partial
            /// It does not have it.
            case no
            /// The question has no meaning for this file.
            case notApplicable
            /// The file does not tell.
            case inconclusive
        }

        /// The answer.
        public var state: State
        /// What was seen, or why there is no answer.
        public var evidence: String
        /// Where in the file, in bytes.
        public var offset: UInt64?

        /// Makes it.
        public init(_ state: State, _ evidence: String, offset: UInt64? = nil) {
            self.state = state
            self.evidence = evidence
            self.offset = offset
        }
    }

    /// The path, escaped.
    public var path: String
    /// The package that owns it, if known.
    public var package: String?
    /// What kind of file it is.
    public var kind: Kind
    /// The machine (`x86-64`, `aarch64`, …) with `32` or `64`.
    public var machine: String
    /// The language it was written in, as far as it shows (`C`, `C++`, `Go`, `Rust`, `Swift`, `unknown`).
    public var language: String
    /// The size in bytes.
    public var size: UInt64
    /// The permission bits.
    public var mode: UInt32
    /// Position-independent.
    public var pie: Property
    /// RELRO, judged by what it covers: `yes` is full.
    public var relro: Property
    /// Bound at start.
    public var bindNow: Property
    /// A stack that is not executable.
    public var nonExecutableStack: Property
    /// A stack protector: `yes` when its use was seen.
    public var stackProtector: Property
    /// FORTIFY_SOURCE: `yes` when all, `partial` when some of the calls that the subject's C library could check are.
    public var fortify: Property
    /// Checked calls.
    public var fortifiedCount: Int
    /// Calls that the subject's C library could check and that are not.
    public var fortifiableCount: Int
    /// Indirect-branch and return protection (IBT and SHSTK; BTI and PAC).
    public var controlFlow: Property
    /// No relocations in code (`yes` = none).
    public var noTextRelocations: Property
    /// No segment that is writable and executable (`yes` = none).
    public var noWritableCode: Property
    /// Entries of RPATH and RUNPATH that can load code from where others can write, with the reason.
    public var unsafeRunPaths: [String]
    /// RPATH and RUNPATH as they stand.
    public var runPaths: [String]
    /// Whether the symbol table was stripped.
    public var isStripped: Bool
    /// The build ID in hexadecimal.
    public var buildID: String?
    /// Whether it is linked with libseccomp.
    public var linksSeccomp: Bool
    /// Whether it is linked with an allocator that replaces the C library's, with its name.
    public var allocator: String?

    /// Makes it with every property not applicable.
    public init(path: String, kind: Kind, machine: String, language: String, size: UInt64, mode: UInt32) {
        let none = Property(.notApplicable, "")
        self.path = path
        self.kind = kind
        self.machine = machine
        self.language = language
        self.size = size
        self.mode = mode
        pie = none
        relro = none
        bindNow = none
        nonExecutableStack = none
        stackProtector = none
        fortify = none
        fortifiedCount = 0
        fortifiableCount = 0
        controlFlow = none
        noTextRelocations = none
        noWritableCode = none
        unsafeRunPaths = []
        runPaths = []
        isStripped = false
        linksSeccomp = false
    }
}

/// What a C library offers to the programs that use it.
public struct CLibraryFacts: Codable, Hashable, Sendable {
    /// `glibc`, `musl` or another name.
    public var kind: String
    /// The version, if it says one.
    public var version: String?
    /// The machine (`x86-64`, `aarch64`, …) with `32` or `64`.
    public var machine: String
    /// Where.
    public var place: Place
    /// How many functions it can check (`__X_chk`).
    public var checkedFunctions: Int
    /// Instructions that mangle stored pointers with the pointer guard; nil when that cannot be told on this machine.
    public var pointerGuardUses: ELFFileFacts.Property
    /// The heap's consistency checks.
    public var heapChecks: ELFFileFacts.Property
    /// Whether `libc_malloc_debug` is there.
    public var hasMallocDebug: Bool

    /// Makes it.
    public init(
        kind: String, version: String?, machine: String, place: Place, checkedFunctions: Int,
        pointerGuardUses: ELFFileFacts.Property, heapChecks: ELFFileFacts.Property, hasMallocDebug: Bool
    ) {
        self.kind = kind
        self.version = version
        self.machine = machine
        self.place = place
        self.checkedFunctions = checkedFunctions
        self.pointerGuardUses = pointerGuardUses
        self.heapChecks = heapChecks
        self.hasMallocDebug = hasMallocDebug
    }
}
