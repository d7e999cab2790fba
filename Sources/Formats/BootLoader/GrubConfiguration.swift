/// What an entry boots.
public enum GrubBootAction: Hashable, Sendable {
    /// A Linux kernel.
    case linux(GrubKernel)
    /// Another boot method: the command (`chainloader`, `multiboot2`) and its words.
    case other(command: String, arguments: GrubValue, location: GrubLocation)
    /// Which command decides is not known, and why; the kernels that may be booted.
    case undecided([GrubKernel], reason: String)
    /// Nothing.
    case none

    /// The kernels that may be booted.
    public var kernels: [GrubKernel] {
        switch self {
        case .linux(let kernel): [kernel]
        case .undecided(let kernels, _): kernels
        case .other, .none: []
        }
    }
}

/// A `linux` line after expansion.
public struct GrubKernel: Hashable, Sendable {
    /// The path of the kernel as GRUB sees it.
    public let path: GrubValue
    /// The command line as GRUB hands it over, without `BOOT_IMAGE=`, which GRUB puts in front.
    public let commandLine: GrubValue
    /// Where the line stands.
    public let location: GrubLocation
}

/// An entry of the menu.
public struct GrubEntry: Hashable, Sendable {
    /// The title.
    public let title: GrubValue
    /// The `--id`, or the file name of a loader entry.
    public let id: GrubValue?
    /// The places from the outermost menu on, counted from 0.
    public let position: [Int]
    /// Whether it opens a menu.
    public let isSubmenu: Bool
    /// The entries of that menu.
    public let children: [GrubEntry]
    /// What it boots.
    public let action: GrubBootAction
    /// The initial RAM disks that it names.
    public let initrds: [GrubValue]
    /// Whether the entry is in the menu at every boot: no condition of unknown outcome guards it.
    public let isCertain: Bool
    /// Where it stands.
    public let location: GrubLocation
}

/// The entry that is booted when nobody chooses.
public enum GrubDefault: Hashable, Sendable {
    /// That entry.
    case entry(GrubEntry)
    /// The files do not say which, and why.
    case undecided(reason: String)
    /// There is no entry.
    case none

    /// The entry, when it is known.
    public var entry: GrubEntry? {
        guard case .entry(let entry) = self else { return nil }
        return entry
    }
}

/// Something in a script that was not understood or not done.
public struct GrubDiagnostic: Hashable, Sendable {
    /// What.
    public let message: String
    /// Where.
    public let location: GrubLocation
}

/// The menu that a GRUB script makes, by evaluation of the script without running anything.
///
/// Where the outcome of a condition is not known, both branches are followed: all entries are found, and what depends on
/// the condition is marked. Depth, steps and sizes are bounded; a script that passes a bound is incomplete, and says so.
/// <https://www.gnu.org/software/grub/manual/grub/html_node/Shell_002dlike-scripting.html>
public struct GrubConfiguration: Hashable, Sendable {
    /// The entries of the first menu; a script that boots without a menu is one entry without a title.
    public let entries: [GrubEntry]
    /// The entry that is booted when nobody chooses.
    public let defaultEntry: GrubDefault
    /// The variables at the end of the script.
    public let variables: [String: GrubValue]
    /// The files that the script asked for, in order.
    public let lookups: [GrubLookup]
    /// Commands that are not known here, each once; they were taken for commands that do not change the menu.
    public let unknownCommands: [String]
    /// What was not understood.
    public let diagnostics: [GrubDiagnostic]
    /// Why entries may be missing; empty when all were found.
    public let missing: [String]

    /// Every entry that boots something, submenus flattened, in the order of the menu.
    public var bootEntries: [GrubEntry] {
        var result: [GrubEntry] = []
        var rest = Array(entries.reversed())
        while let entry = rest.popLast() {
            if entry.isSubmenu { rest += entry.children.reversed() } else { result.append(entry) }
        }
        return result
    }

    /// Evaluates a script.
    ///
    /// - Parameters:
    ///   - script: the bytes of `grub.cfg`.
    ///   - path: its path on GRUB's file system, for `$config_directory` and for locations.
    ///   - variables: what GRUB would set at run time and the caller knows, such as `prefix`.
    ///   - files: finds a file by its path on GRUB's file systems. The device in `(device)/path` is cut off: which one it
    ///     is, only the firmware knows; the caller looks on the boot file system first.
    public init(
        script: [UInt8], path: String, variables: [String: String] = [:], files: @escaping (String) -> GrubFile
    ) {
        var evaluator = GrubEvaluator(files: files)
        for name in GrubState.features { evaluator.state.variables[name] = GrubValue("y") }
        evaluator.state.variables["config_file"] = GrubValue(path)
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
            evaluator.state.variables["config_directory"] = GrubValue(String(path[..<slash]))
        }
        for (name, value) in variables { evaluator.state.variables[name] = GrubValue(value) }
        evaluator.runFile(script, path: path)
        if evaluator.state.entries.isEmpty, evaluator.state.action != .none {
            entries = [
                GrubEntry(
                    title: GrubValue(""), id: nil, position: [0], isSubmenu: false, children: [],
                    action: evaluator.state.action, initrds: evaluator.state.initrds, isCertain: true,
                    location: GrubLocation(path: path, line: 1))
            ]
        } else {
            entries = evaluator.menu(of: evaluator.state, position: [])
        }
        let final = evaluator.state
        defaultEntry = GrubDefault(in: entries, variables: final, submenuDefaults: evaluator.submenuDefaults)
        self.variables = final.variables
        missing = final.missing + evaluator.missing
        lookups = evaluator.lookups
        unknownCommands = evaluator.unknownCommands.sorted()
        diagnostics = evaluator.diagnostics
    }
}
