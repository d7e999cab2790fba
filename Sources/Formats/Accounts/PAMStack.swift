/// The modules that PAM calls for one service and type, with all includes resolved.
public struct PAMStack: Hashable, Sendable {
    /// The deepest nesting of includes that PAM itself allows (PAM_SUBSTACK_MAX_LEVEL, include depth 32).
    public static let depthLimit = 32
    /// The most modules of one stack.
    public static let moduleLimit = 10_000
    /// The most rules visited for one stack, those of files that are included again and again counted each time.
    public static let ruleLimit = 1_000_000

    /// One call of a module.
    public struct Module: Hashable, Sendable {
        /// What its result does to the stack.
        public let control: PAMControl
        /// The module as written: a file name such as `pam_unix.so`, or a path.
        public let path: String
        /// Its arguments.
        public let arguments: [String]
        /// Whether the module may be missing.
        public let isOptionalModule: Bool
        /// The number of substacks around it.
        public let substackDepth: Int
        /// Where the line stands.
        public let location: AccountLocation

        /// The last component of the path without `.so`.
        public var name: String {
            let file = path.split(separator: "/").last ?? ""
            return String(file.hasSuffix(".so") ? file.dropLast(3) : file)
        }

        /// The value of the last argument `key=value`.
        public func value(of key: String) -> String? {
            arguments.last { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.utf8.count + 1)) }
        }
    }

    /// Why a stack is not what its files seem to say.
    public enum Problem: Hashable, Sendable {
        /// A file that is included is not there; PAM makes the service fail.
        case missingFile(String, from: AccountLocation?)
        /// A file includes itself, through others or not.
        case cycle(String, from: AccountLocation)
        /// Deeper or more than is followed.
        case tooLarge
        /// A line that is no rule; PAM makes the service fail.
        case malformed(AccountLocation)
    }

    /// The modules in the order in which they are called.
    public let modules: [Module]
    /// Why the list may not be the whole truth; empty when it is.
    public let problems: [Problem]
    /// Whether the service has no rules of this type, so that those of the service `other` count.
    public let isFallback: Bool

    /// What a name of a service or include leads to.
    ///
    /// The closure gets the name (an absolute path, or a name to look for in `/etc/pam.d` and then in `/usr/lib/pam.d`)
    /// and gives the parsed file, or nil when there is none.
    public typealias Lookup = (_ name: String) -> PAMFile?

    /// Resolves the stack of `service` for `type`.
    ///
    /// - Parameters:
    ///   - service: the service's name, such as `sshd`.
    ///   - type: what the stack is asked for.
    ///   - lookup: gives the file of a name. A caller with only `/etc/pam.conf` gives its lines of that service.
    public init(service: String, type: PAMModuleType, lookup: Lookup) {
        var walk = PAMWalk(type: type)
        walk.include(service, from: nil, substackDepth: 0, lookup: lookup)
        let isMissing = walk.problems.contains { if case .missingFile(_, nil) = $0 { true } else { false } }
        if walk.modules.isEmpty, service != "other", walk.problems.isEmpty || isMissing {
            var fallback = PAMWalk(type: type)
            fallback.include("other", from: nil, substackDepth: 0, lookup: lookup)
            modules = fallback.modules
            problems = fallback.problems
            isFallback = true
        } else {
            modules = walk.modules
            problems = walk.problems
            isFallback = false
        }
    }

    /// The calls of the module `name` (without `.so`).
    public func calls(of name: String) -> [Module] { modules.filter { $0.name == name } }
}

/// A walk through the files of one stack.
private struct PAMWalk {
    let type: PAMModuleType
    var modules: [PAMStack.Module] = []
    var problems: [PAMStack.Problem] = []
    private var open: [String] = []
    private var visits = 0
    private var rules = 0
    /// Each file is asked for once: a short one may be included a thousand times.
    private var files: [String: PAMFile?] = [:]

    init(type: PAMModuleType) { self.type = type }

    mutating func include(
        _ name: String, from location: AccountLocation?, substackDepth: Int, lookup: PAMStack.Lookup
    ) {
        if let location, open.contains(name) { return note(.cycle(name, from: location)) }
        visits += 1
        guard open.count < PAMStack.depthLimit, visits <= 4096, modules.count < PAMStack.moduleLimit else {
            return note(.tooLarge)
        }
        let found: PAMFile?
        if let known = files[name] {
            found = known
        } else {
            found = lookup(name)
            files[name] = .some(found)
        }
        guard let file = found else { return note(.missingFile(name, from: location)) }
        if !file.isComplete { note(.tooLarge) }
        for line in file.malformed { note(.malformed(line)) }
        open.append(name)
        defer { open.removeLast() }
        for rule in file.rules {
            rules += 1
            guard rules <= PAMStack.ruleLimit else { return note(.tooLarge) }
            guard rule.type == nil || rule.type == type else { continue }
            switch rule.content {
            case .module(let control, let path, let arguments):
                guard modules.count < PAMStack.moduleLimit else { return note(.tooLarge) }
                modules.append(
                    PAMStack.Module(
                        control: control, path: path, arguments: arguments, isOptionalModule: rule.isOptionalModule,
                        substackDepth: substackDepth, location: rule.location))
            case .include(let target), .includeAll(let target):
                include(target, from: rule.location, substackDepth: substackDepth, lookup: lookup)
            case .substack(let target):
                include(target, from: rule.location, substackDepth: substackDepth + 1, lookup: lookup)
            }
        }
    }

    private mutating func note(_ problem: PAMStack.Problem) {
        guard problems.count < 100, !problems.contains(problem) else { return }
        problems.append(problem)
    }
}
