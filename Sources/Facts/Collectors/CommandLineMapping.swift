import AssayBootLoader
import AssayBytes
import AssayFacts

extension CommandLineFacts {
    /// Command lines of x86 and arm64 end here: `COMMAND_LINE_SIZE` less the NUL.
    private static let mostBytes = KernelCommandLine.commonSizeLimit - 1

    /// A command line as the kernel cuts it into parameters.
    init(
        source: Source, _ text: String, place: Place, entry: String? = nil, isDefault: Bool = true,
        unresolved: [String] = []
    ) {
        let line = KernelCommandLine(text)
        self.init(
            source: source, text: EscapedText(text).description,
            parameters: line.parameters.map { parameter in
                Parameter(
                    name: EscapedText(parameter.name).description,
                    value: parameter.value.map { EscapedText($0).description })
            },
            place: place, entry: entry.map { EscapedText($0).description }, isDefault: isDefault,
            unresolved: unresolved.map { EscapedText($0).description })
        if text.utf8.count > CommandLineFacts.mostBytes, source != .running {
            self.unresolved.append("it has \(text.utf8.count) bytes, and the kernel cuts it off at its own limit")
        }
    }

    /// Says that a boot configuration in the initrd or the kernel may add parameters.
    ///
    /// <https://docs.kernel.org/admin-guide/bootconfig.html>
    mutating func noteBootConfiguration(_ configuration: KernelConfiguration?) {
        let isForced = configuration?.symbols["BOOT_CONFIG_FORCE"]?.value == "y"
        let isPossible = configuration?.symbols["BOOT_CONFIG"]?.value != "n"
        guard source != .running, isForced || isPossible && parameters.contains(where: { $0.name == "bootconfig" })
        else { return }
        unresolved.append("'bootconfig': the boot configuration at the end of the initrd was not read")
    }
}

/// The command line that a kernel is built with, `CONFIG_CMDLINE`.
struct BuiltInCommandLine {
    /// What the kernel does with it.
    private enum Use {
        case before
        case after
        case instead
        case onlyWithoutOther
        case unknown
    }

    /// The text.
    let text: String
    /// Its line in the configuration.
    let line: Int
    private let use: Use

    /// The built-in command line of a configuration, if it has one.
    ///
    /// x86, arch/x86/kernel/setup.c (`CMDLINE_BOOL`): in front of the boot loader's, or in its place with
    /// `CMDLINE_OVERRIDE`. arm64, arm and riscv, drivers/of/fdt.c (`early_init_dt_scan_chosen`): behind it with
    /// `CMDLINE_EXTEND`, in its place with `CMDLINE_FORCE`, else only when the boot loader gives none.
    init?(_ configuration: KernelConfiguration, architecture: String?) {
        func isOn(_ symbol: String) -> Bool { configuration.symbols[symbol]?.value == "y" }
        guard let symbol = configuration.symbols["CMDLINE"], symbol.value.contains(where: { $0 != " " }) else {
            return nil
        }
        switch architecture {
        case "x86_64", "i386":
            guard isOn("CMDLINE_BOOL") else { return nil }
            use = isOn("CMDLINE_OVERRIDE") ? .instead : .before
        case "arm64", "arm", "riscv64":
            use = isOn("CMDLINE_EXTEND") ? .after : isOn("CMDLINE_FORCE") ? .instead : .onlyWithoutOther
        default: use = .unknown
        }
        text = EscapedText.unescape(symbol.value).map { String(decoding: $0, as: UTF8.self) } ?? symbol.value
        line = symbol.line
    }

    /// The line that the kernel makes of it and the boot loader's.
    func applied(to other: CommandLineFacts, at place: Place) -> CommandLineFacts {
        let loader = EscapedText.unescape(other.text).map { String(decoding: $0, as: UTF8.self) } ?? other.text
        func joined(_ text: String, _ place: Place, _ unresolved: [String]) -> CommandLineFacts {
            var result = CommandLineFacts(
                source: other.source, text, place: place, isDefault: other.isDefault)
            result.entry = other.entry
            result.unresolved += unresolved
            return result
        }
        let own = Place(place.path, line: line)
        switch use {
        case .before: return joined(loader.isEmpty ? text : "\(text) \(loader)", other.place, other.unresolved)
        case .after: return joined(loader.isEmpty ? text : "\(loader) \(text)", other.place, other.unresolved)
        // Nothing of the boot loader's counts, known or not.
        case .instead: return joined(text, own, [])
        case .onlyWithoutOther:
            return loader.isEmpty ? joined(text, own, other.unresolved) : other
        case .unknown:
            var result = other
            result.unresolved.append("CONFIG_CMDLINE of an architecture whose use of it is not known: \(text)")
            return result
        }
    }
}
