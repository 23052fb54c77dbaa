import Testing

@testable import XenTree

/// What of a checkout's origin may be shown to others.
@Suite struct GitOriginTests {
    @Test(arguments: [
        ("https://example.org/git/xen.git", "https://example.org/git/xen.git"),
        ("https://user:secret@example.org/xen.git", "https://example.org/xen.git"),
        ("https://user@name:secret@example.org/xen.git", "https://example.org/xen.git"),
        ("git@example.org:people/xen.git", "ssh://example.org/people/xen.git"),
        ("ssh://git@example.org:2222/xen.git", "ssh://example.org:2222/xen.git"),
        ("git://example.org/xen.git", "git://example.org/xen.git"),
    ])
    func publicAddresses(url: String, shown: String) {
        #expect(GitOrigin.publicURI(url) == shown)
    }

    @Test(arguments: [
        "/home/someone/xen", "../xen", "file:///home/someone/xen", "", "https://", "https:///x", "ext::sh -c x",
        "https://example.org/\u{1b}[31m", "https://example.org/a b", "C:\\xen", "http://user@",
    ])
    func whatIsNotShown(url: String) {
        #expect(GitOrigin.publicURI(url) == nil)
    }

    @Test func configuration() {
        let text = """
            [core]
            \turl = wrong
            [remote "other"]
            \turl = https://example.org/other
            [remote  "origin"]
            \tfetch = +refs/heads/*:refs/remotes/origin/*
            \turl = https://example.org/right
            """
        #expect(GitOrigin.originURL(inConfiguration: text) == "https://example.org/right")
        #expect(GitOrigin.originURL(inConfiguration: "[remote \"origin\"\n=\n[") == nil)
    }
}
