import AssayBytes
import AssayYAML

extension PolicyError {
    /// An error at a place of the document.
    init(_ code: Code, _ message: String, at node: YAMLNode) {
        self.init(code, message, line: node.line, column: node.column)
    }

    /// Does `work`, whose errors about YAML become errors about the policy or profile.
    static func translating<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as YAMLError {
            let code: Code =
                switch error.reason {
                case .tooLarge: .tooLarge
                case .malformed: .malformed
                case .anchor: .anchor
                case .unknownKey: .unknownKey
                case .missingKey: .missingKey
                case .invalidValue: .invalidValue
                case .duplicate: .duplicate
                }
            throw PolicyError(code, error.message, line: error.line, column: error.column)
        }
    }
}

extension YAMLMapping {
    /// The check that `check` names, which must be one of `known`, where these are known.
    func check(_ known: Set<String>?) throws -> String {
        let check = try requiredText("check")
        guard let known, !known.contains(check) else { return check }
        throw PolicyError(
            .unknownCheck, "there is no check '\(check)'\(NearestName.hint(for: check, among: known))",
            at: self.node("check") ?? node)
    }
}
