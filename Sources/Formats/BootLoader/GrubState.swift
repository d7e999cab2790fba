/// What a script has done so far: its variables, functions and menu.
struct GrubState: Sendable {
    /// Variables that GRUB sets on its own, by firmware, disk or user.
    static let runtimeNames: Set<String> = [
        "root", "prefix", "cmdpath", "grub_platform", "grub_cpu", "lang", "locale_dir", "chosen", "boot", "env_block",
        "config_file", "config_directory", "secure_boot", "lockdown", "shim_lock", "net_default_ip",
    ]
    /// The features that GRUB 2 announces to scripts with the value `y`.
    static let features: [String] = [
        "feature_chainloader_bpb", "feature_ntldr", "feature_platform_search_hint", "feature_default_font_path",
        "feature_all_video_module", "feature_menuentry_id", "feature_menuentry_options", "feature_200_final",
        "feature_nativedisk_cmd", "feature_timeout_style",
    ]

    var variables: [String: GrubValue] = [:]
    var exported: Set<String> = runtimeNames.union(features).union(["pager", "color_normal", "color_highlight"])
    var functions: [String: [GrubStatement]] = [:]
    var arguments: [GrubValue] = []
    var entries: [GrubPendingEntry] = []
    /// Environment files of unknown content: each variable may come from one of them.
    var openReasons: [String] = []
    /// Whether what happens now happens at every boot.
    var isCertain = true
    /// Whether menu entries may be missing.
    var missing: [String] = []
    var status: Bool? = true
    /// The rest of the function or file is not run.
    var hasReturned = false
    /// Nothing more is run.
    var hasEnded = false
    var action: GrubBootAction = .none
    var initrds: [GrubValue] = []

    func value(of name: String) -> GrubValue {
        if let value = variables[name] { return value }
        if GrubState.runtimeNames.contains(name) || name.hasPrefix("net_") || name.hasPrefix("pxe_") {
            return .unknown(name, reason: "set by GRUB at run time")
        }
        if name == "?" { return status.map { GrubValue($0 ? "0" : "1") } ?? .unknown(name, reason: "not evaluated") }
        if name == "#" { return GrubValue(String(arguments.count)) }
        if let index = Int(name) {
            return index >= 1 && index <= arguments.count ? arguments[index - 1] : GrubValue("")
        }
        guard let reason = openReasons.first else { return GrubValue("") }
        return .unknown(name, reason: reason)
    }

    mutating func set(_ name: String, _ value: GrubValue) {
        guard variables.count < 4096 || variables[name] != nil else { return }
        variables[name] = value
    }

    /// Notes that a file of unknown content may set any variable, or only `names`.
    mutating func open(_ reason: String, names: [String]) {
        guard names.isEmpty else {
            for name in names { set(name, .unknown(name, reason: reason)) }
            return
        }
        guard !openReasons.contains(reason) else { return }
        openReasons.append(reason)
        for name in variables.keys {
            variables[name]?.append(
                "", doubts: [GrubDoubt(kind: .replaceable, token: "$\(name)", reason: reason)])
        }
    }

    /// Joins two states of which one is true: what differs is not known.
    ///
    /// Entries behind the first `common` are kept of both.
    mutating func merge(_ other: GrubState, common: Int, reason: String) {
        for name in Set(variables.keys).union(other.variables.keys) {
            let mine = value(of: name)
            if mine != other.value(of: name) { variables[name] = .unknown(name, reason: reason) }
        }
        exported.formUnion(other.exported)
        functions.merge(other.functions) { mine, _ in mine }
        entries += other.entries.dropFirst(common)
        for item in other.openReasons where !openReasons.contains(item) { openReasons.append(item) }
        for item in other.missing where !missing.contains(item) { missing.append(item) }
        if status != other.status { status = nil }
        if action != other.action {
            let kernels = action.kernels + other.action.kernels.filter { !action.kernels.contains($0) }
            action = .undecided(Array(kernels.prefix(64)), reason: reason)
        }
        initrds += other.initrds.filter { !initrds.contains($0) }.prefix(64)
        hasReturned = hasReturned && other.hasReturned
        hasEnded = hasEnded && other.hasEnded
    }

    /// The state of a submenu or of a file run by `configfile`: only exported variables are there.
    var exportedContext: GrubState {
        var state = GrubState()
        state.variables = variables.filter { exported.contains($0.key) }
        state.exported = exported
        state.functions = functions
        state.openReasons = openReasons
        state.isCertain = isCertain
        return state
    }
}

/// A menu entry whose body has not been run: GRUB runs it when the entry is chosen.
struct GrubPendingEntry: Sendable {
    var title: GrubValue
    var id: GrubValue?
    var arguments: [GrubValue]
    var body: [GrubStatement]
    var isSubmenu: Bool
    var isCertain: Bool
    var location: GrubLocation
    /// The file of a loader entry, for entries made by `blscfg`.
    var loaderEntry: String?
}
