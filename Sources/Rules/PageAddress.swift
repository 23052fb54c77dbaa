/// Where the rules' pages are published: `RULE.md` is to be found below it.
///
/// There is none that the program knows by itself, and a link that leads nowhere is worse than no link.
public struct PageAddress: Hashable, Sendable {
    public let text: String

    /// nil where `RULE.md` put behind the text is no address.
    public init?(_ text: String) {
        let allowed = Set("-._~:/@!$&'()*+,;=%[]".unicodeScalars)
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || allowed.contains(scalar))
        }
        let hasHost = ["https://", "http://"].contains { scheme in
            text.hasPrefix(scheme) && text.dropFirst(scheme.count).first.map { $0 != "/" } ?? false
        }
        guard isPlain, hasHost || text.hasPrefix("file:///") else { return nil }
        self.text = text
    }

    /// What is expected, for messages.
    public static let expectation = "expected an https, http or file address without '?' and '#'"
}
