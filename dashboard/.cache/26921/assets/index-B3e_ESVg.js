const __vite__mapDeps = (
  i,
  m = __vite__mapDeps,
  d = m.f || (m.f = ['./map-view-C2Ebrj0B.js', './map-view-qvkd0SPb.css']),
) => i.map((i) => d[i])
var e,
  t,
  n,
  r,
  i,
  a,
  o,
  s,
  c,
  l,
  u,
  d = Symbol.for(`pv`),
  f = {},
  p = [],
  m = /^m(i|n|o|s|text|space)$/,
  h = Array.isArray,
  g = p.slice,
  _ = Object.assign
function v(e) {
  e && e.parentNode && e.remove()
}
function y(e, t, n) {
  var r,
    i,
    a,
    o = {},
    s = arguments.length
  for (a in t) a == `key` ? (r = t[a]) : a == `ref` && typeof e !== `function` ? (i = t[a]) : (o[a] = t[a])
  return (s > 2 && (o.children = s > 3 ? g.call(arguments, 2) : n), b(e, o, r, i, null))
}
function b(n, r, i, a, o) {
  var s = {
    type: n,
    props: r,
    key: i,
    ref: a,
    __k: null,
    __: null,
    __b: 0,
    __e: null,
    __c: null,
    constructor: d,
    __v: o || ++t,
    __i: -1,
    __u: 0,
  }
  return (!o && e.vnode && e.vnode(s), s)
}
function x(e) {
  return e.children
}
function S(e, t) {
  ;((this.props = e), (this.context = t), (this.__g = 0))
}
function C(e, t) {
  if (t == null) return e.__ && C(e.__, e.__i + 1)
  for (var n; t < e.__k.length; t++) if ((n = e.__k[t]) && n.__e) return n.__e
  return typeof e.type !== `function` || e.props.__P ? null : C(e)
}
function w(t) {
  var n,
    r = t.__v,
    i = r.__e,
    a = [],
    o = [],
    s = t.__P
  s &&
    (((n = _({ constructor: d }, r)).__v = r.__v + 1),
    e.vnode && e.vnode(n),
    oe(s, n, r, t.__n, s.namespaceURI, 32 & r.__u ? [i] : null, a, i || C(r), 32 & r.__u, o),
    (n.__v = r.__v),
    (n.__.__k[n.__i] = n),
    k(a, n, o),
    (r.__ = r.__e = null),
    n.__e != i && T(n))
}
function T(e) {
  if ((e = e.__) && e.__c && !e.props.__P)
    return (
      (e.__e = null),
      e.__k.some(function (t) {
        return t && (e.__e = t.__e)
      }),
      T(e)
    )
}
function E(t) {
  ;((8 & t.__g || ((t.__g |= 8), r.push(t), a++)) && i == e.debounceRendering) ||
    ((i = e.debounceRendering) || queueMicrotask)(D)
}
function D() {
  try {
    for (var e, t = 1; r.length;)
      (r.length > t && r.sort(o), (e = r.shift()), (t = r.length), 8 & e.__g && w(e))
  } finally {
    ;(a = r.length) && (i || queueMicrotask)(D)
  }
}
function ee(e, t, n, r, i, a, o, s, c, l, u) {
  var d,
    m,
    h,
    g,
    _,
    v,
    y = r.__k || p,
    b = t.length
  for (c = te(n, t, y, c, b), d = 0; d < b; d++)
    (h = n.__k[d]) != null &&
      ((m = (~h.__i && y[h.__i]) || f),
      (h.__i = d),
      (v = oe(e, h, m, i, a, o, s, c, l, u)),
      (g = h.__e),
      (m.ref != h.ref || 8 & m.__u) && (m.ref && j(m.ref, null, h, m), h.ref && u.push(h.ref, h.__c || g, h)),
      (_ ||= g),
      4 & h.__u
        ? ((c = ne(h, c, e, !m.__v)), m.__e && (m.__e = null))
        : typeof h.type === `function` && v !== void 0
          ? (c = v)
          : g && (c = g.nextSibling),
      (h.__u &= -21))
  return ((n.__e = _), c)
}
function te(e, t, n, r, i) {
  var a,
    o,
    s,
    c,
    l,
    u,
    f,
    p,
    m,
    g = n.length,
    _ = g,
    v = 0,
    y = 0,
    S = (e.__k = Array(i))
  for (a = 0; a < i; a++)
    (o = t[a]) != null && typeof o !== `boolean` && typeof o !== `function`
      ? (typeof o !== `object` || o.constructor === String
          ? (o = S[a] = b(null, o))
          : h(o)
            ? (o = S[a] = b(x, { children: o }))
            : o.constructor === d && o.__b
              ? (o = S[a] = b(o.type, o.props, o.key, o.ref, o.__v))
              : (S[a] = o),
        (c = a + v),
        (o.__ = e),
        (o.__b = e.__b + 1),
        (s = null),
        ~(l = o.__i = O(o, n, c, _)) && (_--, (s = n[l]) && (s.__u |= 2)),
        s && s.__v
          ? ((o.__u |= 16), l == c - 1 ? v-- : l == c + 1 ? v++ : l != c && (l > c ? v-- : v++, (y = 1)))
          : (~l || (i > g ? v-- : i < g && v++), typeof o.type !== `function` && (o.__u |= 4)))
      : (S[a] = null)
  if (y) {
    for (u = [], f = [], a = 0; a < i; a++)
      if ((o = S[a]) && 16 & o.__u) {
        for (v = 0, p = u.length; v < p;) u[(m = (v + p) >> 1)] < o.__i ? (v = m + 1) : (p = m)
        ;((u[v] = o.__i), (f[a] = v + 1))
      }
    for (v = u.length; a--;) f[a] && (f[a] == v ? v-- : (S[a].__u |= 4))
  }
  if (_) for (a = 0; a < g; a++) !(s = n[a]) || 2 & s.__u || (s.__e == r && (r = C(s)), le(s, s))
  return r
}
function ne(e, t, n, r) {
  var i, a, o, s
  if (typeof e.type === `function`) {
    if (e.props.__P) return t
    if ((i = e.__k)) for (a = 0; a < i.length; a++) i[a] && ((i[a].__ = e), (t = ne(i[a], t, n, !1)))
    return t
  }
  for (
    t && !t.parentNode && (t = C(e)) && !t.parentNode && (t = null), o = e.__e, s = t;
    s && s.nodeType == 8;
  )
    s = s.nextSibling
  for (
    o != s && (!r && n.moveBefore && o.parentNode ? n.moveBefore(o, t) : n.insertBefore(o, t || null)), t = o;
    (t &&= t.nextSibling) && t.nodeType == 8 && !t.data.startsWith(`$s`);
  );
  return t
}
function O(e, t, n, r) {
  var i,
    a = e.key,
    o = e.type,
    s = t[n],
    c = s && !(2 & s.__u)
  if ((s === null && a == null) || (c && a == s.key && o == s.type)) return n
  if (r > +!!c) {
    for (i = n - 1; i >= 0; i--) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i
    for (i = n + 1; i < t.length; i++) if ((s = t[i]) && !(2 & s.__u) && a == s.key && o == s.type) return i
  }
  return -1
}
function re(e, t, n) {
  ;((n ??= ``), t[0] == `-` ? e.setProperty(t, n) : (e[t] = n))
}
function ie(e, t, n, r, i) {
  var a, o
  if (t == `style`) {
    if (typeof n === `string`) e.style.cssText = n
    else {
      if ((typeof r === `string` && (e.style.cssText = r = ``), r))
        for (t in r) (n && t in n) || re(e.style, t)
      if (n) for (t in n) (r && n[t] == r[t]) || re(e.style, t, n[t])
    }
  } else if (t[0] == `o` && t[1] == `n`)
    (typeof n !== `function` && (n = null),
      typeof r !== `function` && (r = null),
      ((e.__e ||= {})[t] = n),
      (n && r) ||
        ((o = u[t] || (u[t] = ae(t))),
        ((e.__a ||= {})[t] = l),
        (a = t != (t = t.replace(c, `$1`))),
        (t = t.slice(2))[0] < `a` && (t = t.toLowerCase()),
        n ? e.addEventListener(t, o, a) : e.removeEventListener(t, o, a)))
  else {
    if (i == `http://www.w3.org/2000/svg`) t = t.replace(/xlink(H|:h)/, `h`).replace(/sName$/, `s`)
    else if (
      t != `width` &&
      t != `height` &&
      t != `href` &&
      t != `list` &&
      t != `form` &&
      t != `tabIndex` &&
      t != `download` &&
      t != `rowSpan` &&
      t != `colSpan` &&
      t != `role` &&
      t != `popover` &&
      t in e
    )
      try {
        e[t] = n ?? ``
        return
      } catch {}
    if (typeof n === `function`) return
    n == null || (!1 === n && t[4] != `-`)
      ? e.removeAttribute(t)
      : e.setAttribute(t, t == `popover` && n == 1 ? `` : n)
  }
}
function ae(t) {
  return function (n) {
    var r = this.__e
    if (r) {
      if (((r = r[t]), n[s] == null)) n[s] = l++
      else if (n[s] < this.__a[t]) return
      return r(e.event ? e.event(n) : n)
    }
  }
}
function oe(t, n, r, i, a, o, s, c, l, u) {
  var f,
    m,
    g,
    y,
    b,
    w,
    T,
    E,
    D,
    te,
    ne,
    O,
    re,
    ie,
    ae,
    oe,
    k,
    j,
    M = n.type
  if (n.constructor !== d) return null
  ;(128 & r.__u &&
    ((l = 32 & r.__u), (f = r.__c.__z)) &&
    ((n.__u |= l), (m = o = []), f.nodeType == 8 ? (c = se(f, o)) : o.push(f), (c = o[0] || c)),
    (f = e.__b) && f(n))
  n: if (typeof M === `function`) {
    g = s.length
    try {
      if (
        ((E = n.props),
        (D = (f = M.prototype) && f.render),
        (te = (f = M.contextType) && i[f.__c]),
        (ne = f ? (te ? te.props.value : f.__) : i),
        (y = r.__c)
          ? ((n.__c = y), 2 & y.__g && (y.__g |= 1))
          : (D
              ? (n.__c = y = new M(E, ne))
              : ((n.__c = y = new S(E, ne)), (y.constructor = M), (y.render = ue)),
            te && te.sub(y),
            y.state || (y.state = {}),
            (y.__n = i),
            (y.__g |= 8),
            (y.__h = []),
            (y.__k = [])),
        D &&
          (y.__s || (y.__s = y.state),
          M.getDerivedStateFromProps &&
            (y.__s == y.state && (y.__s = _({}, y.__s)), _(y.__s, M.getDerivedStateFromProps(E, y.__s)))),
        (b = y.props),
        (w = y.state),
        (y.__v = n),
        r.__c)
      ) {
        if (
          (E !== b &&
            D &&
            !M.getDerivedStateFromProps &&
            y.componentWillReceiveProps &&
            y.componentWillReceiveProps(E, ne),
          (n.__v == r.__v && !(8 & y.__g)) ||
            (!(4 & y.__g) && y.shouldComponentUpdate && !1 === y.shouldComponentUpdate(E, y.__s, ne)))
        ) {
          ;(n.__v != r.__v && ((y.props = E), (y.state = y.__s), (y.__g &= -9)),
            (n.__e = r.__e),
            (n.__k = r.__k),
            n.__k.some(function (e) {
              e && (e.__ = n)
            }),
            p.push.apply(y.__h, y.__k),
            (y.__k = []),
            y.__h.length && s.push(y),
            (c = C(r)))
          break n
        }
        ;(y.componentWillUpdate && y.componentWillUpdate(E, y.__s, ne),
          D &&
            y.componentDidUpdate &&
            y.__h.push(function () {
              y.componentDidUpdate(b, w, T)
            }))
      } else
        (D && !M.getDerivedStateFromProps && y.componentWillMount && y.componentWillMount(),
          D && y.componentDidMount && y.__h.push(y.componentDidMount))
      ;((y.context = ne), (y.props = E), (y.__P = t), (y.__g &= -5), (O = e.__r), (re = D ? 25 : 0))
      do ((y.__g &= -9), O && O(n), (f = y.render(y.props, (y.state = y.__s), y.context)))
      while (8 & y.__g && ++re < 25)
      ;(D && (p.push.apply(y.__h, y.__k), (y.__k = [])),
        (y.state = y.__s),
        y.getChildContext && (i = _({}, i, y.getChildContext())),
        D && r.__c && y.getSnapshotBeforeUpdate && (T = y.getSnapshotBeforeUpdate(b, w)),
        (ie = f && f.type === x && f.key == null ? f.props.children : f),
        E.__P &&
          ((f = c),
          (a = (t = E.__P).namespaceURI),
          (l = o = null),
          r.props &&
            r.props.__P != t &&
            (r.__k.some(function (e) {
              e && le(e, e)
            }),
            (r.__k = null)),
          (c = r.__k ? C(r, 0) : null)),
        (c = ee(t, h(ie) ? ie : [ie], n, r, i, a, o, s, c, l, u)),
        E.__P && ((n.__e = null), (c = f)),
        (n.__u &= -161),
        m && m.some(v),
        y.__h.length && s.push(y),
        1 & y.__g && (y.__g &= -4))
    } catch (t) {
      if (((s.length = g), (n.__v = null), l || o)) {
        if (t && t.then) {
          if (((n.__u |= 128 | l), o)) {
            for (~(k = o.indexOf(c || void 0)) || (k = o.length); (j = o[k - 1]) && j.nodeType == 8;) k--
            for (; k < o.length; k++)
              if ((j = o[k])) {
                if (((o[k] = null), ae)) {
                  if (j == oe) break
                } else {
                  if (j.nodeType != 8) break
                  j.data.startsWith(`$s`) && (oe = se((ae = j)))
                }
              }
          }
          if (!ae) {
            for (; c && c.nodeType == 8 && c.nextSibling;) c = c.nextSibling
            ae = c
          }
          ;((f = se((ae = n.__c.__z || (n.__c.__z = ae)))) ? ((n.__e = ae), (c = f)) : (n.__e = c),
            (c &&= c.nextSibling))
        } else o && o.some(v)
      } else n.__e = r.__e
      ;((n.__k ||= r.__k || []), (t && t.then) || ce(n), e.__e(t, n, r))
    }
  } else c = n.__e = A(r.__e, n, r, i, a, o, s, l, u, t)
  return ((f = e.diffed) && f(n), c)
}
function se(e, t) {
  if (e && e.nodeType == 8 && e.data.startsWith(`$s`))
    for (var n = 1; (e = e.nextSibling);) {
      if (e.nodeType == 8) {
        if (e.data.startsWith(`$s`)) n++
        else if (e.data.startsWith(`/$s`) && !--n) return e
      }
      t && t.push(e)
    }
}
function ce(e) {
  e && (e.__c && (e.__c.__g |= 4), e.__k && e.__k.some(ce))
}
function k(t, n, r) {
  for (var i = 0; i < r.length;) j(r[i++], r[i++], r[i++])
  ;(e.__c && e.__c(n, t),
    t.some(function (n) {
      try {
        ;((t = n.__h),
          (n.__h = []),
          t.some(function (e) {
            e.call(n)
          }))
      } catch (t) {
        e.__e(t, n.__v)
      }
    }))
}
function A(t, n, r, i, a, o, s, c, l, u) {
  var d,
    p,
    _,
    y,
    b,
    x,
    S,
    w,
    T = r.props || f,
    E = n.props,
    D = n.type
  if (
    (D == `svg`
      ? (a = `http://www.w3.org/2000/svg`)
      : D == `math`
        ? (a = `http://www.w3.org/1998/Math/MathML`)
        : (a ||= `http://www.w3.org/1999/xhtml`),
    o)
  ) {
    for (d = 0; d < o.length; d++)
      if ((b = o[d]) && (D ? b.localName == D : b.nodeType == 3)) {
        ;((t = b), (o[d] = null))
        break
      }
  }
  if (!t) {
    if (((w = u.ownerDocument || document), !D)) return w.createTextNode(E)
    ;((t = w.createElementNS(a, D, E.is ? E : u)), (c &&= (e.__m && e.__m(n, o), !1)), (o = null))
  }
  if (D) {
    if (
      ((u = (D == `template` && t.content) || t),
      (o = D == `textarea` && E.defaultValue != null ? null : o && g.call(u.childNodes)),
      !c && o)
    )
      for (T = {}, d = 0; d < t.attributes.length; d++) T[(b = t.attributes[d]).name] = b.value
    for (d in T)
      ((b = T[d]),
        d == `dangerouslySetInnerHTML`
          ? (_ = b)
          : d == `children` ||
            d in E ||
            (d == `value` && `defaultValue` in E) ||
            (d == `checked` && `defaultChecked` in E) ||
            ie(t, d, null, b, a))
    for (d in E)
      ((b = E[d]),
        d == `children`
          ? (y = b)
          : d == `dangerouslySetInnerHTML`
            ? (p = b)
            : d == `value`
              ? (x = b)
              : d == `checked`
                ? (S = b)
                : (c && typeof b !== `function`) || T[d] === b || ie(t, d, b, T[d], a))
    ;(p
      ? (c || (_ && (p.__html == _.__html || p.__html == t.innerHTML)) || (t.innerHTML = p.__html),
        (n.__k = []))
      : (_ && (t.textContent = ``),
        (D == `foreignObject` || (a == `http://www.w3.org/1998/Math/MathML` && m.test(D))) &&
          (a = `http://www.w3.org/1999/xhtml`),
        ee(u, h(y) ? y : [y], n, r, i, a, o, s, o ? o[0] : r.__k && C(r, 0), c, l),
        o && o.some(v)),
      (c && D != `textarea`) ||
        ((d = `value`),
        D == `progress` && x == null
          ? t.removeAttribute(d)
          : x == null || (x === t[d] && (D != `progress` || x)) || ie(t, d, x, T[d], a),
        (d = `checked`),
        S != null && S != t[d] && ie(t, d, S, T[d], a)))
  } else T === E || (c && t.data == E) || (t.data = E)
  return t
}
function j(t, n, r, i) {
  try {
    typeof t === `function`
      ? n
        ? (n.__x = t(n) || 1)
        : (i &&= i.__c || i.__e) && (n = i.__x) && ((i.__x = null), typeof n === `function` ? n() : t(null))
      : (t.current = n)
  } catch (t) {
    e.__e(t, r)
  }
}
function le(t, n, r) {
  var i, a, o, s
  if (
    (e.unmount && e.unmount(t),
    !(i = t.ref) || (i.current && i.current != t.__e) || j(i, null, n, t),
    (i = t.__c))
  ) {
    if (i.componentWillUnmount)
      try {
        i.componentWillUnmount()
      } catch (t) {
        e.__e(t, n)
      }
    i.__P = i.__n = null
  }
  if ((i = t.__k))
    for (s = 0; s < i.length; s++) i[s] && le(i[s], n, typeof t.type !== `function` || (r && !t.props.__P))
  ;(!r && (i = t.__c) && (i = i.__z) && (a = se(i, (o = []))) && (i == t.__e && o.some(v), v(a), v(i)),
    r || v(t.__e),
    (t.__e = t.__c = t.__ = null))
}
function ue(e, t, n) {
  return this.constructor(e, n)
}
function M(t, n) {
  var r, i, a, o
  ;(e.__ && e.__(t, n),
    n.nodeType == 9 && (n = n.documentElement),
    (i = (r = t && 32 & t.__u) ? null : n.__k),
    (n.__k = b(x, { children: [t] })),
    (a = []),
    (o = []),
    oe(
      n,
      n.__k,
      i || f,
      f,
      n.namespaceURI,
      i ? null : n.firstChild ? g.call(n.childNodes) : null,
      a,
      i ? i.__e : n.firstChild,
      r,
      o,
    ),
    k(a, n.__k, o),
    (n.__k.props.children = null))
}
;((e = {
  __e: function (e, t, n, r) {
    for (var i, o, s; (t = t.__);)
      if ((i = t.__c) && !(1 & i.__g)) {
        i.__g |= 4
        try {
          if (
            ((s = (o = i.constructor) && o.getDerivedStateFromError) &&
              i.setState(o.getDerivedStateFromError(e)),
            i.componentDidCatch && (i.componentDidCatch(e, r || {}), (s = 1)),
            s && 8 & i.__g)
          )
            return void (i.__g |= 2)
        } catch (t) {
          e = t
        }
      }
    throw ((a = 0), e)
  },
}),
  (t = 0),
  (n = function (e) {
    return e != null && e.constructor === d
  }),
  (S.prototype.setState = function (e, t) {
    var n = this.__s
    ;((n && n != this.state) || (n = this.__s = _({}, this.state)),
      typeof e === `function` && (e = e(_({}, n), this.props)),
      e && (_(n, e), this.__v && (t && this.__k.push(t), E(this))))
  }),
  (S.prototype.forceUpdate = function (e) {
    this.__v && ((this.__g |= 4), e && this.__h.push(e), E(this))
  }),
  (S.prototype.render = x),
  (r = []),
  (a = 0),
  (o = function (e, t) {
    return e.__v.__b - t.__v.__b
  }),
  (s = Symbol()),
  (c = /(PointerCapture)$|Capture$/i),
  (l = 0),
  (u = {}))
var de,
  fe,
  pe,
  me,
  he = Object.is,
  ge = 0,
  _e = [],
  ve = [],
  ye = e,
  be = ye.__b,
  xe = ye.__r,
  Se = ye.diffed,
  Ce = ye.__c,
  we = ye.unmount,
  Te = ye.__
function Ee(e, t) {
  ;(ye.__h && ye.__h(fe, e, ge || t), (ge = 0))
  var n = fe.__H || (fe.__H = { __: [], __h: [] })
  return (e >= n.__.length && n.__.push({}), n.__[e])
}
function N(e) {
  return ((ge = 1), P(ze, e))
}
function P(e, t, n) {
  var r = Ee(de++, 2)
  if (
    ((r.t = e),
    !r.__c &&
      ((r.__ = [
        n ? n(t) : ze(void 0, t),
        function (e) {
          var t = (r.__N || r.__)[0],
            n = r.t(t, e)
          he(t, n) || ((r.__N = [n, r.__[1]]), r.__c.setState({}))
        },
      ]),
      (r.__c = fe),
      !fe.__f))
  ) {
    fe.__f = !0
    var i = fe.shouldComponentUpdate
    fe.shouldComponentUpdate = function (e, t, n) {
      var r = this.__H
      if (!r) return !0
      var a = !1,
        o = this.props != e
      if (
        (r.__.some(function (e) {
          e.__N && ((a = !0), he(e.__[0], e.__N[0]) || (o = !0))
        }),
        i)
      ) {
        var s = i.call(this, e, t, n)
        return a ? s || o : s
      }
      return !a || o
    }
  }
  return r.__
}
function De(e, t) {
  var n = Ee(de++, 3)
  !ye.__s && Re(n.__H, t) && ((n.__P = !0), (n.__ = e), (n.u = t), fe.__H.__h.push(n))
}
function Oe(e, t) {
  var n = Ee(de++, 4)
  !ye.__s && Re(n.__H, t) && ((n.__P = !1), (n.__ = e), (n.u = t), fe.__h.push(n))
}
function ke(e) {
  return (
    (ge = 5),
    Ae(function () {
      return { current: e }
    }, [])
  )
}
function Ae(e, t) {
  var n = Ee(de++, 7)
  return (Re(n.__H, t) && ((n.__ = e()), (n.__H = t)), n.__)
}
function je(e, t) {
  return (
    (ge = 8),
    Ae(function () {
      return e
    }, t)
  )
}
function Me() {
  var e
  do {
    for (; (e = ve.shift());)
      try {
        Ie(e)
      } catch (t) {
        ye.__e(t, { __: (e = e.__P) && e.__v })
      }
    for (; (e = _e.shift());) {
      var t = e.__H
      if (e.__P && t)
        try {
          ;(t.__h.some(Ie), t.__h.some(Le), (t.__h = []))
        } catch (n) {
          ;((t.__h = []), ye.__e(n, e.__v))
        }
    }
  } while (ve.length)
}
;((ye.__b = function (e) {
  ;((fe = null), be && be(e))
}),
  (ye.__ = function (e, t) {
    ;(e && t.__k && t.__k.__m && (e.__m = t.__k.__m), Te && Te(e, t))
  }),
  (ye.__r = function (e) {
    ;(xe && xe(e), (de = 0))
    var t = (fe = e.__c).__H
    ;(t &&
      (pe == fe ? (fe.__h = []) : (t.__h.some(Ie), t.__h.some(Le), (de = 0)),
      (t.__h = []),
      t.__.some(function (e) {
        ;(e.__N && (e.__ = e.__N), (e.u = e.__N = void 0))
      })),
      (pe = fe))
  }),
  (ye.diffed = function (e) {
    Se && Se(e)
    var t = e.__c
    ;(t &&
      t.__H &&
      (t.__H.__h.length && Fe(_e.push(t)),
      t.__H.__.some(function (e) {
        e.u && (e.__H = e.u)
      })),
      (pe = fe = null))
  }),
  (ye.__c = function (e, t) {
    ;(t.some(function (e) {
      try {
        ;(e.__h.some(Ie),
          (e.__h = e.__h.filter(function (e) {
            return !e.__ || Le(e)
          })))
      } catch (t) {
        e.__h = [
          function () {
            throw t
          },
        ]
      }
    }),
      Ce && Ce(e, t))
  }),
  (ye.unmount = function (e) {
    we && we(e)
    var t,
      n,
      r = e.__c
    r &&
      r.__H &&
      (r.__H.__.some(function (r) {
        try {
          if (r.__P && r.__c) {
            if (n === void 0) {
              for (n = e.__; n && (!n.__c || !n.__c.__P);) n = n.__
              n &&= n.__c
            }
            ;((r.__P = n), Fe(ve.push(r)))
          } else Ie(r)
        } catch (e) {
          t = e
        }
      }),
      (r.__H = void 0),
      t && ye.__e(t, r.__v))
  }))
var Ne = typeof requestAnimationFrame === `function`
function Pe(e) {
  var t,
    n = function () {
      ;(clearTimeout(r), Ne && cancelAnimationFrame(t), setTimeout(e))
    },
    r = setTimeout(n, 35)
  Ne && (t = requestAnimationFrame(n))
}
function Fe(e) {
  ;(e != 1 && me == ye.requestAnimationFrame) || ((me = ye.requestAnimationFrame) || Pe)(Me)
}
function Ie(e) {
  var t = fe,
    n = e.__c
  ;(typeof n === `function` && ((e.__c = void 0), n()), (fe = t))
}
function Le(e) {
  var t = fe
  ;((e.__c = e.__()), (fe = t))
}
function Re(e, t) {
  return (
    !e ||
    e.length != t.length ||
    t.some(function (t, n) {
      return !he(t, e[n])
    })
  )
}
function ze(e, t) {
  return typeof t === `function` ? t(e) : t
}
var Be = Symbol.for(`preact-signals`)
function Ve() {
  if (qe > 1) qe--
  else {
    var e,
      t = !1
    for (
      (function () {
        var e = Ze
        for (Ze = void 0; e !== void 0;) {
          var t = e.S
          if (t.v === e.v) for (var n = t.t; n !== void 0; n = n.x) n.i === e.i && (n.i = t.i)
          e = e.o
        }
      })();
      Ke !== void 0;
    ) {
      var n = Ke
      for (Ke = void 0, Je++; n !== void 0;) {
        var r = n.u
        if (((n.u = void 0), (n.f &= -3), !(8 & n.f) && nt(n)))
          try {
            n.c()
          } catch (n) {
            t ||= ((e = n), !0)
          }
        n = r
      }
    }
    if (((Je = 0), qe--, t)) throw e
  }
}
function He(e) {
  if (qe > 0) return e()
  ;((Xe = ++Ye), qe++)
  try {
    return e()
  } finally {
    Ve()
  }
}
var Ue,
  We = void 0
function Ge(e) {
  var t = We,
    n = Ue
  ;((We = void 0), (Ue = void 0))
  try {
    return e()
  } finally {
    ;((We = t), (Ue = n))
  }
}
var Ke = void 0,
  qe = 0,
  Je = 0,
  Ye = 0,
  Xe = 0,
  Ze = void 0,
  Qe = 0
function $e(e) {
  if (We !== void 0) {
    var t = e.n
    if (t === void 0 || t.t !== We)
      return (
        (t = { i: 0, S: e, p: We.s, n: void 0, t: We, e: void 0, x: void 0, r: t }),
        We.s !== void 0 && (We.s.n = t),
        (We.s = t),
        (e.n = t),
        32 & We.f && e.S(t),
        t
      )
    if (t.i === -1)
      return (
        (t.i = 0),
        t.n !== void 0 &&
          ((t.n.p = t.p),
          t.p !== void 0 && (t.p.n = t.n),
          (t.p = We.s),
          (t.n = void 0),
          (We.s.n = t),
          (We.s = t)),
        t
      )
  }
}
function et(e, t) {
  ;((this.v = e),
    (this.i = 0),
    (this.n = void 0),
    (this.t = void 0),
    (this.l = 0),
    (this.W = t?.watched),
    (this.Z = t?.unwatched),
    (this.name = t?.name))
}
;((et.prototype.brand = Be),
  (et.prototype.h = function () {
    return !0
  }),
  (et.prototype.S = function (e) {
    var t = this,
      n = this.t
    n !== e &&
      e.e === void 0 &&
      ((e.x = n),
      (this.t = e),
      n === void 0
        ? Ge(function () {
            var e
            ;(e = t.W) == null || e.call(t)
          })
        : (n.e = e))
  }),
  (et.prototype.U = function (e) {
    var t = this
    if (this.t !== void 0) {
      var n = e.e,
        r = e.x
      ;(n !== void 0 && ((n.x = r), (e.e = void 0)),
        r !== void 0 && ((r.e = n), (e.x = void 0)),
        e === this.t &&
          ((this.t = r),
          r === void 0 &&
            Ge(function () {
              var e
              ;(e = t.Z) == null || e.call(t)
            })))
    }
  }),
  (et.prototype.subscribe = function (e) {
    var t = this
    return dt(
      function () {
        var n = t.value
        Ge(function () {
          return e(n)
        })
      },
      { name: `sub` },
    )
  }),
  (et.prototype.valueOf = function () {
    return this.value
  }),
  (et.prototype.toString = function () {
    return this.value + ``
  }),
  (et.prototype.toJSON = function () {
    return this.value
  }),
  (et.prototype.peek = function () {
    var e = this
    return Ge(function () {
      return e.value
    })
  }),
  Object.defineProperty(et.prototype, 'value', {
    get: function () {
      var e = $e(this)
      return (e !== void 0 && (e.i = this.i), this.v)
    },
    set: function (e) {
      if (e !== this.v) {
        if (Je > 100) throw Error(`Cycle detected`)
        ;((function (e) {
          qe !== 0 && Je === 0 && e.l !== Xe && ((e.l = Xe), (Ze = { S: e, v: e.v, i: e.i, o: Ze }))
        })(this),
          (this.v = e),
          this.i++,
          Qe++,
          qe++)
        try {
          for (var t = this.t; t !== void 0; t = t.x) t.t.N()
        } finally {
          Ve()
        }
      }
    },
  }))
function tt(e, t) {
  return new et(e, t)
}
function nt(e) {
  for (var t = e.s; t !== void 0; t = t.n) if (t.S.i !== t.i || !t.S.h() || t.S.i !== t.i) return !0
  return !1
}
function rt(e) {
  for (var t = e.s; t !== void 0; t = t.n) {
    var n = t.S.n
    if ((n !== void 0 && (t.r = n), (t.S.n = t), (t.i = -1), t.n === void 0)) {
      e.s = t
      break
    }
  }
}
function it(e) {
  for (var t = e.s, n = void 0; t !== void 0;) {
    var r = t.p
    ;(t.i === -1 ? (t.S.U(t), r !== void 0 && (r.n = t.n), t.n !== void 0 && (t.n.p = r)) : (n = t),
      (t.S.n = t.r),
      t.r !== void 0 && (t.r = void 0),
      (t = r))
  }
  e.s = n
}
function at(e, t) {
  ;(et.call(this, void 0, t), (this.x = e), (this.s = void 0), (this.g = Qe - 1), (this.f = 4))
}
;((at.prototype = new et()),
  (at.prototype.h = function () {
    if (((this.f &= -3), 1 & this.f)) return !1
    if ((36 & this.f) == 32 || ((this.f &= -5), this.g === Qe)) return !0
    if (((this.g = Qe), (this.f |= 1), this.i > 0 && !nt(this))) return ((this.f &= -2), !0)
    var e = We
    try {
      ;(rt(this), (We = this))
      var t = this.x()
      ;(16 & this.f || this.v !== t || this.i === 0) && ((this.v = t), (this.f &= -17), this.i++)
    } catch (e) {
      ;((this.v = e), (this.f |= 16), this.i++)
    }
    return ((We = e), it(this), (this.f &= -2), !0)
  }),
  (at.prototype.S = function (e) {
    if (this.t === void 0) {
      this.f |= 36
      for (var t = this.s; t !== void 0; t = t.n) t.S.S(t)
    }
    et.prototype.S.call(this, e)
  }),
  (at.prototype.U = function (e) {
    if (this.t !== void 0 && (et.prototype.U.call(this, e), this.t === void 0)) {
      this.f &= -33
      for (var t = this.s; t !== void 0; t = t.n) t.S.U(t)
    }
  }),
  (at.prototype.N = function () {
    if (!(2 & this.f)) {
      this.f |= 6
      for (var e = this.t; e !== void 0; e = e.x) e.t.N()
    }
  }),
  Object.defineProperty(at.prototype, 'value', {
    get: function () {
      if (1 & this.f) throw Error(`Cycle detected`)
      var e = $e(this)
      if ((this.h(), e !== void 0 && (e.i = this.i), 16 & this.f)) throw this.v
      return this.v
    },
  }))
function ot(e, t) {
  return new at(e, t)
}
function st(e) {
  var t = e.j
  if (((e.j = void 0), typeof t === `function`)) {
    qe++
    var n = We
    We = void 0
    try {
      t()
    } catch (t) {
      throw ((e.f &= -2), (e.f |= 8), ct(e), t)
    } finally {
      ;((We = n), Ve())
    }
  }
}
function ct(e) {
  for (var t = e.s; t !== void 0; t = t.n) t.S.U(t)
  ;((e.x = void 0), (e.s = void 0), st(e))
}
function lt(e) {
  if (We !== this) throw Error(`Out-of-order effect`)
  ;(it(this), (We = e), (this.f &= -2))
  try {
    8 & this.f && ct(this)
  } finally {
    Ve()
  }
}
function ut(e, t) {
  ;((this.x = e),
    (this.j = void 0),
    (this.s = void 0),
    (this.u = void 0),
    (this.f = 32),
    (this.name = t?.name),
    Ue && Ue.push(this))
}
;((ut.prototype.c = function () {
  var e = this.S()
  try {
    if (8 & this.f || this.x === void 0) return
    var t = this.x()
    typeof t === `function` && (this.j = t)
  } finally {
    e()
  }
}),
  (ut.prototype.S = function () {
    if (1 & this.f) throw Error(`Cycle detected`)
    ;((this.f |= 1), (this.f &= -9), st(this), rt(this), qe++)
    var e = We
    return ((We = this), lt.bind(this, e))
  }),
  (ut.prototype.N = function () {
    2 & this.f || ((this.f |= 2), (this.u = Ke), (Ke = this))
  }),
  (ut.prototype.d = function () {
    ;((this.f |= 8), 1 & this.f || ct(this))
  }),
  (ut.prototype.dispose = function () {
    this.d()
  }))
function dt(e, t) {
  var n = new ut(e, t)
  try {
    n.c()
  } catch (e) {
    throw (n.d(), e)
  }
  var r = n.d.bind(n)
  return ((r[Symbol.dispose] = r), r)
}
var ft,
  pt,
  mt = typeof window < `u` && !!window.__PREACT_SIGNALS_DEVTOOLS__,
  ht = []
dt(function () {
  ft = this.N
})()
function gt(t, n) {
  e[t] = n.bind(null, e[t] || function () {})
}
function _t(e) {
  if (pt) {
    var t = pt
    ;((pt = void 0), t())
  }
  pt = e && e.S()
}
function vt(e) {
  var t = this,
    r = e.data,
    i = bt(r)
  ;((i.name = `ReactiveDom`), (i.value = r))
  var a = Ae(function () {
      for (var e = t, r = t.__v; (r = r.__);)
        if (r.__c) {
          r.__c.__$f |= 4
          break
        }
      var a = ot(function () {
          var e = i.value.value
          return e === 0 ? 0 : !0 === e ? `` : e || ``
        }),
        o = ot(function () {
          return !Array.isArray(a.value) && !n(a.value)
        }),
        s = dt(function () {
          if (((this.N = Ct), o.value)) {
            var t = a.value
            e.__v && e.__v.__e && e.__v.__e.nodeType === 3 && (e.__v.__e.data = t)
          }
        }),
        c = t.__$u.d
      return (
        (t.__$u.d = function () {
          ;(s(), c.call(this))
        }),
        [o, a]
      )
    }, []),
    o = a[0],
    s = a[1]
  return o.value ? s.peek() : s.value
}
;((vt.displayName = `ReactiveTextNode`),
  Object.defineProperties(et.prototype, {
    constructor: { configurable: !0, value: y(x, null).constructor },
    type: { configurable: !0, value: vt },
    props: {
      configurable: !0,
      get: function () {
        var e = this
        return {
          data: {
            get value() {
              return e.value
            },
          },
        }
      },
    },
    __b: { configurable: !0, value: 1 },
  }),
  gt(`__b`, function (e, t) {
    if ((_t(), typeof t.type === `string`)) {
      var n,
        r = t.props
      for (var i in r)
        if (i !== `children`) {
          var a = r[i]
          a instanceof et && (n || (t.__np = n = {}), (n[i] = a), (r[i] = a.peek()))
        }
    }
    e(t)
  }),
  gt(`__r`, function (e, t) {
    if ((e(t), t.type !== x)) {
      _t()
      var n,
        r = t.__c
      ;(r &&
        ((r.__$f &= -2),
        (n = r.__$u) === void 0 &&
          (r.__$u = n =
            (function (e, t) {
              var n
              return (
                dt(
                  function () {
                    n = this
                  },
                  { name: t },
                ),
                (n.c = e),
                n
              )
            })(
              (function (e) {
                return function () {
                  var t
                  ;(mt && ((t = this.y) == null || t.call(this)), (e.__$f |= 1), e.setState({}))
                }
              })(r),
              typeof t.type === `function` ? t.type.displayName || t.type.name : ``,
            ))),
        _t(n))
    }
  }),
  gt(`__e`, function (e, t, n, r) {
    ;(_t(), e(t, n, r))
  }),
  gt(`diffed`, function (e, t) {
    _t()
    var n
    if (typeof t.type === `string` && (n = t.__e)) {
      var r = t.__np,
        i = t.props,
        a = n.U
      if (a)
        for (var o in a) {
          var s = a[o]
          s === void 0 || (r && o in r) || (s.d(), (a[o] = void 0))
        }
      if (r)
        for (var c in (a || ((a = {}), (n.U = a)), r)) {
          var l = a[c],
            u = r[c]
          l === void 0 ? ((l = yt(n, c, u, i)), (a[c] = l)) : l.o(u, i)
        }
    }
    e(t)
  }))
function yt(e, t, n, r) {
  var i = t in e && e.ownerSVGElement === void 0,
    a = tt(n)
  return {
    o: function (e, t) {
      ;((a.value = e), (r = t))
    },
    d: dt(function () {
      this.N = Ct
      var n = a.value.value
      r[t] !== n &&
        ((r[t] = n),
        i
          ? (e[t] = n)
          : n != null && (!1 !== n || t[4] === `-`)
            ? e.setAttribute(t, n)
            : e.removeAttribute(t))
    }),
  }
}
;(gt(`unmount`, function (e, t) {
  if (typeof t.type === `string`) {
    var n = t.__e
    if (n) {
      var r = n.U
      if (r)
        for (var i in ((n.U = void 0), r)) {
          var a = r[i]
          a && a.d()
        }
    }
    var o = t.__np
    if (o) {
      var s = t.props
      for (var c in o) s[c] = o[c]
    }
    t.__np = void 0
  } else {
    var l = t.__c
    if (l) {
      l.__$f |= 8
      var u = l.__$u
      u && ((l.__$u = void 0), u.d())
    }
  }
  e(t)
}),
  gt(`__h`, function (e, t, n, r) {
    ;(r < 3 && (t.__$f |= 2), e(t, n, r))
  }),
  (S.prototype.shouldComponentUpdate = function (e, t) {
    if (this.__R) return !0
    var n = this.__$u,
      r = n && n.s !== void 0
    for (var i in t) return !0
    if (this.__f || (typeof this.u === `boolean` && !0 === this.u)) {
      var a = 2 & this.__$f
      if (!(r || a || 4 & this.__$f) || 1 & this.__$f) return !0
    } else if (!(r || 4 & this.__$f) || 3 & this.__$f) return !0
    for (var o in e) if (o !== `__source` && e[o] !== this.props[o]) return !0
    for (var s in this.props) if (!(s in e)) return !0
    return !1
  }))
function bt(e, t) {
  return Ae(function () {
    return tt(e, t)
  }, [])
}
var xt = function (e) {
  queueMicrotask(function () {
    queueMicrotask(e)
  })
}
function St() {
  He(function () {
    for (var e; (e = ht.shift());) ft.call(e)
  })
}
function Ct() {
  ht.push(this) === 1 && (e.requestAnimationFrame || xt)(St)
}
var wt = class extends Error {
    code
    status
    title
    constructor(e, t, n, r) {
      ;(super(r), (this.name = `Problem`), (this.code = e), (this.status = t), (this.title = n))
    }
  },
  Tt = {
    no_connection: `Check that the box runs and that this computer reaches it; the page tries again by itself.`,
    no_token: `Sign in again with the token that the box printed when it started.`,
    bad_token: `Sign in again: the token has expired, was revoked, or belongs to another box.`,
    wrong_role: `Ask an administrator for a token whose role may do this.`,
    wrong_site: `Ask an administrator for a token that covers this site.`,
    no_such_device: `It may have been removed, or your token is not for its site. Look for it under Devices.`,
    no_such_alarm: `It may belong to a site that your token does not cover. Look for it under Alarms.`,
    no_such_entry: `It may have expired. Look for it under Quarantine with the status “all”.`,
    no_such_path: `This installation is older than the page, or this part is not installed. Update the installation.`,
    already_handled: `Somebody else was faster. Reload the list to see the outcome.`,
    unknown_type: `Add the device type first, under Devices, Types.`,
    unknown_gateway: `Register the gateway first, in the same trade.`,
    range_too_long: `Choose a shorter range.`,
    body_too_large: `Shorten it: at most 256 KB are taken.`,
    too_many_streams: `Close pages that you do not need; this one polls meanwhile.`,
    internal_error: `Try again. If it stays, the box’s log says why.`,
  },
  Et = ({ code: e, status: t }) =>
    Tt[e] ??
    (t >= 500 ? `Try again. If it stays, look at the log.` : `Correct what was entered and try again.`),
  Dt = (e) =>
    e instanceof wt
      ? e
      : new wt(`page_error`, 0, `the page failed`, e instanceof Error ? e.message : String(e)),
  Ot = tt(null),
  kt = tt(null),
  At = `telltale.token`
function jt(e) {
  ;(sessionStorage.setItem(At, e), (kt.value = null), (Ot.value = { token: e }))
}
function Mt(e = null) {
  ;(sessionStorage.removeItem(At), (kt.value = e), (Ot.value = null))
}
function Nt() {
  let e = /^#token=([^&]+)(?:&(.*))?$/.exec(location.hash)
  if (e?.[1] !== void 0) {
    ;(history.replaceState(null, ``, `${location.pathname}${location.search}#${e[2] ?? `/`}`),
      dispatchEvent(new HashChangeEvent(`hashchange`)),
      jt(decodeURIComponent(e[1])))
    return
  }
  let t = sessionStorage.getItem(At)
  t !== null && (Ot.value = { token: t })
}
async function Pt(e, t = {}) {
  let n = Ot.value?.token,
    r = { ...t.headers }
  ;(n !== void 0 && (r.authorization = `Bearer ${n}`),
    t.body !== void 0 && (r[`content-type`] = `application/json`))
  let i
  try {
    i = await fetch(e, {
      method: t.method ?? `GET`,
      headers: r,
      ...(t.body !== void 0 && { body: JSON.stringify(t.body) }),
      ...(t.signal && { signal: t.signal }),
    })
  } catch (e) {
    throw t.signal?.aborted ? e : new wt(`no_connection`, 0, `no connection`, `the API could not be reached`)
  }
  if (i.ok) return i
  let a = await i.json().catch(() => ({})),
    o = new wt(
      a.code ?? `http_${i.status}`,
      i.status,
      a.title ?? `status ${i.status}`,
      a.detail ?? i.statusText,
    )
  throw (i.status === 401 && n !== void 0 && Mt(o), o)
}
async function F(e, t = {}) {
  let n = await Pt(e, t)
  return n.status === 204 ? void 0 : n.json()
}
async function Ft(e, t = 1 / 0, n) {
  let r = []
  for (let i = e; i !== null && r.length < t;) {
    let e = await F(i, n ? { signal: n } : {})
    ;(r.push(...e.items), (i = e.next))
  }
  return r
}
function It(e, t) {
  let n = new URLSearchParams()
  for (let [e, r] of Object.entries(t)) r != null && r !== `` && n.set(e, String(r))
  let r = n.toString()
  return r === `` ? e : `${e}?${r}`
}
var Lt = encodeURIComponent,
  Rt = tt(null),
  zt = tt(new Map())
async function Bt() {
  let [e, t] = await Promise.all([F(`/v1/devices?limit=1000`), F(`/v1/types`)])
  ;((zt.value = new Map(t.items.map((e) => [e.name, e]))), (Rt.value ??= Vt(e.items)))
  let n = e.next === null ? [] : await Ft(e.next)
  Rt.value = Vt([...e.items, ...n])
}
var Vt = (e) => new Map(e.map((e) => [e.thing, e])),
  Ht = ot(() => [...new Set([...(Rt.value?.values() ?? [])].map(({ site: e }) => e ?? ``))].sort())
function Ut(e, t) {
  let n = t.split(`@`, 1)[0] ?? t,
    r = e ? zt.value.get(e.type)?.measures : void 0
  return { ...(r?.[t] ?? r?.[n]), ...(e?.measures?.[t] ?? e?.measures?.[n]) }
}
function Wt(e) {
  return Math.max(12e4, 3 * (zt.value.get(e.type)?.expectedIntervalMs ?? 0))
}
var Gt = [`vibration`, `temperature`, `speed`, `pressure`, `power`]
function Kt(e) {
  let t = Object.keys(zt.value.get(e.type)?.measures ?? {})
  return Gt.find((e) => t.includes(e)) ?? t[0] ?? `temperature`
}
async function qt(e) {
  let t = await F(`/v1/devices/${encodeURIComponent(e)}`)
  return ((Rt.value = new Map(Rt.peek() ?? []).set(e, t)), t)
}
var Jt = tt(0),
  Yt = () => Date.now() + Jt.peek(),
  Xt = tt(Date.now())
setInterval(() => {
  document.hidden || (Xt.value = Date.now())
}, 1e3)
var Zt = () => Xt.value + Jt.value,
  Qt = tt(null),
  $t = tt(null),
  en = tt({ at: [], readings: [] }),
  tn = null
async function nn() {
  try {
    let e = Date.now(),
      t = await F(`/v1/health`),
      n = t.now - (e + Date.now()) / 2
    ;(Math.abs(n - Jt.peek()) > 250 && (Jt.value = n), (Qt.value = t), ($t.value = null), rn(t))
  } catch (e) {
    $t.value = Dt(e)
  }
}
function rn({ now: e, gauges: t }) {
  let n = t.readings_total
  if (n !== void 0) {
    if (tn && e > tn.at && n >= tn.readings) {
      let { at: t, readings: r } = en.peek()
      en.value = {
        at: [...t, e].slice(-450),
        readings: [...r, ((n - tn.readings) * 1e3) / (e - tn.at)].slice(-450),
      }
    }
    tn = { at: e, readings: n }
  }
}
var an = 2e3
function on(e, t, n) {
  let r = new AbortController(),
    i = ``,
    a = null,
    o = It(`/v1/live`, { things: e.join(`,`), kinds: e.length > 0 ? `readings,alarm` : `alarm` })
  async function s() {
    for (; !r.signal.aborted;) {
      try {
        let { body: e } = await Pt(o, { headers: i === `` ? {} : { 'last-event-id': i }, signal: r.signal })
        e && (await c(e))
      } catch (i) {
        if (r.signal.aborted) return
        let { code: o } = Dt(i)
        if (o === `no_live_stream` || o === `too_many_streams` || o === `no_such_path`) {
          a = n(e, t)
          return
        }
      }
      if (r.signal.aborted) return
      ;(t.onState(`lost`), await new Promise((e) => setTimeout(e, an)))
    }
  }
  async function c(e) {
    let n = e.pipeThrough(new TextDecoderStream()).getReader(),
      r = ``
    for (;;) {
      let { value: e, done: i } = await n.read()
      if (i) return
      t.onSign()
      let a = (r + e).split(`

`)
      r = a.pop() ?? ``
      for (let e of a) l(e)
    }
  }
  function l(e) {
    let n = ``,
      r = ``
    for (let t of e.split(`
`))
      t.startsWith(`id: `)
        ? (i = t.slice(4))
        : t.startsWith(`event: `)
          ? (n = t.slice(7))
          : t.startsWith(`data: `) && (r = t.slice(6))
    n === `readings`
      ? t.onLatest(JSON.parse(r))
      : n === `alarm`
        ? t.onAlarm(JSON.parse(r))
        : n === `dropped`
          ? t.onGap()
          : n === `hello` && (t.onState(`live`), JSON.parse(r).resumed || t.onGap())
  }
  return (
    s(),
    () => {
      ;(r.abort(), a?.())
    }
  )
}
var sn = 5e3,
  cn = (e, t) => {
    let n = new AbortController(),
      r,
      i = async () => {
        try {
          if (e.length > 0) {
            let { items: r } = await F(It(`/v1/latest`, { things: e.join(`,`) }), { signal: n.signal })
            for (let e of r) t.onLatest(e)
            t.onSign()
          }
          ;(t.onGap(), t.onState(`polling`))
        } catch {
          n.signal.aborted || t.onState(`lost`)
        }
        n.signal.aborted || (r = setTimeout(() => void i(), sn))
      }
    return (
      i(),
      () => {
        ;(n.abort(), clearTimeout(r))
      }
    )
  },
  ln = tt(`connecting`),
  un = tt(0),
  dn = new Set(),
  fn = null,
  pn = ``,
  mn,
  hn = {
    onLatest: ({ thing: e, values: t }) => {
      for (let n of dn) n.things.includes(e) && n.onValues?.(e, t)
    },
    onAlarm: (e) => {
      for (let t of dn) t.onAlarm?.(e)
    },
    onGap: () => {
      for (let e of dn) e.onGap?.()
    },
    onState: (e) => (ln.value = e),
    onSign: () => (un.value = Yt()),
  }
function gn(e) {
  return (
    dn.add(e),
    _n(),
    () => {
      ;(dn.delete(e), _n())
    }
  )
}
function _n() {
  ;(clearTimeout(mn), (mn = setTimeout(vn, 30)))
}
function vn() {
  let e = [...new Set([...dn].flatMap((e) => e.things))].sort().slice(0, 150),
    t = dn.size === 0 || document.hidden ? `` : `follow ${e.join(`,`)}`
  t !== pn && (fn?.(), (pn = t), (fn = t === `` ? null : on(e, hn, cn)))
}
document.addEventListener(`visibilitychange`, _n)
var I = tt(null),
  yn = [`critical`, `major`, `minor`, `warning`],
  bn = ({ state: e }) => e === `unackActive` || e === `unackCleared`,
  xn = (e, t) =>
    yn.indexOf(e.severity) - yn.indexOf(t.severity) ||
    t.transitionAt - e.transitionAt ||
    (e.id < t.id ? -1 : 1)
async function Sn() {
  I.value = (await Ft(`/v1/alarms?state=active&limit=1000`, 5e3)).sort(xn)
}
var Cn = ot(() => {
    let e = new Map()
    for (let t of I.value ?? []) e.has(t.thing) || e.set(t.thing, t)
    return e
  }),
  wn = 2e3,
  Tn = 1e4,
  En = 6e4
function Dn() {
  let e = [
      On(wn, async () => {
        ;(await nn(), Qt.value && (un.value = Yt()))
      }),
      On(Tn, Sn),
      On(En, Bt),
    ],
    t,
    n = () => {
      ;(clearTimeout(t), (t = setTimeout(() => void Sn().catch(() => {}), 100)))
    },
    r = gn({ things: [], onAlarm: n, onGap: n })
  return () => {
    ;(r(), clearTimeout(t))
    for (let t of e) t()
  }
}
function On(e, t) {
  let n,
    r = !1,
    i = async () => {
      ;(!document.hidden && Ot.value && (await t().catch(() => {})), r || (n = setTimeout(() => void i(), e)))
    },
    a = () => {
      document.hidden || (clearTimeout(n), i())
    }
  return (
    document.addEventListener(`visibilitychange`, a),
    i(),
    () => {
      ;((r = !0), clearTimeout(n), document.removeEventListener(`visibilitychange`, a))
    }
  )
}
function kn(e, t, n, r = ``) {
  let [i, a] = N({ key: e, data: null, problem: null, loading: !0 }),
    o = ke(t)
  o.current = t
  let [s, c] = N(0),
    l = je(() => c((e) => e + 1), [])
  De(() => {
    let t = new AbortController(),
      r,
      i = async () => {
        if (!document.hidden || n === void 0)
          try {
            let n = await o.current(t.signal)
            t.signal.aborted || a({ key: e, data: n, problem: null, loading: !1 })
          } catch (n) {
            if (t.signal.aborted) return
            let r = Dt(n)
            a((t) => ({ key: e, data: t.key === e ? t.data : null, problem: r, loading: !1 }))
          }
        n !== void 0 && !t.signal.aborted && (r = setTimeout(() => void i(), n))
      }
    return (
      i(),
      () => {
        ;(t.abort(), clearTimeout(r))
      }
    )
  }, [e, r, n, s])
  let u = i.key === e
  return { data: u ? i.data : null, problem: u ? i.problem : null, loading: !u || i.loading, reload: l }
}
var An = Symbol.for(`pv`),
  jn = 0
Array.isArray
function L(t, n, r, i, a, o) {
  n ||= {}
  var s,
    c,
    l = n
  if (`ref` in l && typeof t !== `function`) for (c in ((l = {}), n)) c == `ref` ? (s = n[c]) : (l[c] = n[c])
  var u = {
    type: t,
    props: l,
    key: r,
    ref: s,
    __k: null,
    __: null,
    __b: 0,
    __e: null,
    __c: null,
    constructor: An,
    __v: --jn,
    __i: -1,
    __u: 0,
  }
  return ((a || o) && ((u.__source = a), (u.__self = o)), e.vnode && e.vnode(u), u)
}
var Mn = `/work/main/dashboard/src/ui/form.tsx`
function Nn(e) {
  return L(
    `div`,
    {
      class: `field`,
      children: [
        L(
          `label`,
          {
            children: [
              L(
                `span`,
                { children: e.label },
                void 0,
                !1,
                { fileName: Mn, lineNumber: 9, columnNumber: 9 },
                this,
              ),
              e.children,
            ],
          },
          void 0,
          !0,
          { fileName: Mn, lineNumber: 8, columnNumber: 7 },
          this,
        ),
        e.hint !== void 0 &&
          L(
            `small`,
            { children: e.hint },
            void 0,
            !1,
            { fileName: Mn, lineNumber: 12, columnNumber: 36 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: Mn, lineNumber: 7, columnNumber: 5 },
    this,
  )
}
function Pn(e) {
  return L(
    `label`,
    {
      class: `choice`,
      children: [
        L(`span`, { children: e.label }, void 0, !1, { fileName: Mn, lineNumber: 25, columnNumber: 7 }, this),
        L(
          `select`,
          {
            value: e.value,
            onChange: (t) => e.onChange(t.currentTarget.value),
            children: e.options.map(([e, t]) =>
              L(
                `option`,
                { value: e, children: t },
                e,
                !1,
                { fileName: Mn, lineNumber: 28, columnNumber: 11 },
                this,
              ),
            ),
          },
          void 0,
          !1,
          { fileName: Mn, lineNumber: 26, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: Mn, lineNumber: 24, columnNumber: 5 },
    this,
  )
}
function Fn() {
  let [e, t] = N(!1),
    [n, r] = N(null)
  return {
    busy: e,
    problem: n,
    run: (e) => {
      ;(t(!0),
        r(null),
        e()
          .catch((e) => r(Dt(e)))
          .finally(() => t(!1)))
    },
  }
}
function In(e, t, n = `application/x-pem-file`) {
  let r = URL.createObjectURL(new Blob([t], { type: n })),
    i = document.createElement(`a`)
  ;((i.href = r), (i.download = e), i.click(), setTimeout(() => URL.revokeObjectURL(r), 1e4))
}
function Ln(e, t) {
  let n = e.get(t)
  return typeof n === `string` ? n : ``
}
var Rn = tt(localStorage.getItem(`telltale.zone`) === `utc` ? `utc` : `local`)
function zn(e) {
  ;(localStorage.setItem(`telltale.zone`, e), (Rn.value = e))
}
var Bn = () => (Rn.value === `utc` ? `UTC` : Intl.DateTimeFormat().resolvedOptions().timeZone)
function Vn() {
  let e = Bn(),
    t = new Intl.DateTimeFormat(`en`, { timeZone: e, timeZoneName: `shortOffset` })
      .formatToParts(Date.now())
      .find(({ type: e }) => e === `timeZoneName`)
      ?.value.replace(`GMT`, `UTC`)
  return e === `UTC` || t === void 0 || t === e ? e : `${e} (${t})`
}
var Hn = new Map()
function Un(e, t) {
  let n = `${e} ${Bn()}`,
    r = Hn.get(n)
  return (r || ((r = new Intl.DateTimeFormat(`en-GB`, { ...t, timeZone: Bn() })), Hn.set(n, r)), r)
}
var Wn = { hour: `2-digit`, minute: `2-digit`, second: `2-digit` },
  Gn = { year: `numeric`, month: `short`, day: `2-digit` },
  Kn = (e) => Un(`time`, Wn).format(e),
  qn = (e) => Un(`day`, Gn).format(e),
  Jn = (e) => `${qn(e)}, ${Kn(e)}`,
  Yn = (e) => (qn(e) === qn(Date.now()) ? Kn(e) : Jn(e)),
  Xn = (e) => Un(`minute`, { hour: `2-digit`, minute: `2-digit` }).format(e),
  Zn = (e) => Un(`dayOfYear`, { day: `numeric`, month: `short` }).format(e)
function Qn(e, t, n) {
  return t >= 2592e7
    ? Un(`year`, { year: `numeric` }).format(e)
    : t >= 23328e5
      ? Un(`month`, { month: `short`, year: `numeric` }).format(e)
      : t >= 864e5 || (n !== void 0 && Zn(n) !== Zn(e))
        ? Zn(e)
        : t >= 6e4
          ? Xn(e)
          : Kn(e)
}
var $n = [
  [864e5, `d`],
  [36e5, `h`],
  [6e4, `min`],
  [1e3, `s`],
]
function er(e) {
  let t = Math.abs(e)
  if (t < 1e3) return `${Math.round(e)} ms`
  let [n, r] = $n.find(([e]) => t >= e) ?? [1e3, `s`],
    i = e / n
  return `${Math.abs(i) < 10 && n > 1e3 ? i.toFixed(1).replace(`.0`, ``) : Math.round(i)} ${r}`
}
var tr = new Intl.NumberFormat(`en`, { maximumSignificantDigits: 4, useGrouping: !1 }),
  nr = new Intl.NumberFormat(`en`, { maximumFractionDigits: 0 }),
  rr = new Intl.NumberFormat(`en`, { notation: `compact`, maximumSignificantDigits: 3 }),
  R = (e) => (e == null || Number.isNaN(e) ? `–` : tr.format(e)),
  z = (e) => nr.format(e),
  ir = (e) => rr.format(e),
  ar = (e, t, n = `${t}s`) => `${z(e)} ${e === 1 ? t : n}`,
  or = {
    Cel: `°C`,
    '[degF]': `°F`,
    K: `K`,
    '/min': `rpm`,
    '%': `%`,
    '[g]': `g`,
    deg: `°`,
    'm3/h': `m³/h`,
    'L/min': `L/min`,
    '[ppm]': `ppm`,
    'kW.h': `kWh`,
  },
  sr = (e) => (e === void 0 ? `` : (or[e] ?? e)),
  cr = (e) =>
    e
      .replaceAll(/-?\d+\.\d{3,}/g, (e) => R(Number(e)))
      .replaceAll(/(?<=\d )(Cel|\[degF\]|\/min|\[ppm\])(?=[\s,.;]|$)/g, (e) => sr(e)),
  lr = new Intl.Collator(`en`, { numeric: !0 }),
  ur = (e, t) => lr.compare(e, t),
  dr = (e) => e.replace(`@`, ` · `),
  fr = (e) => {
    let [t, n] = e >= 1e9 ? [1e9, `GB`] : e >= 1e6 ? [1e6, `MB`] : e >= 1e3 ? [1e3, `kB`] : [1, `B`]
    return `${tr.format(Math.round((e / t) * 10) / 10)} ${n}`
  },
  pr = `/work/main/dashboard/src/ui/parts.tsx`
function mr({ severity: e, bare: t = !1 }) {
  return L(
    `span`,
    {
      class: `severity ${e}`,
      children: [
        L(
          `svg`,
          {
            viewBox: `0 0 12 12`,
            width: `12`,
            height: `12`,
            'aria-hidden': `true`,
            children: L(
              `path`,
              { d: hr[e] },
              void 0,
              !1,
              { fileName: pr, lineNumber: 12, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: pr, lineNumber: 11, columnNumber: 7 },
          this,
        ),
        L(
          `span`,
          { class: t ? `visually-hidden` : void 0, children: e },
          void 0,
          !1,
          { fileName: pr, lineNumber: 14, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: pr, lineNumber: 10, columnNumber: 5 },
    this,
  )
}
var hr = {
    critical: `M6 0 12 6 6 12 0 6Z`,
    major: `M6 0.5 12 11.5H0Z`,
    minor: `M0 0.5H12L6 11.5Z`,
    warning: `M1 1H11V11H1Z`,
  },
  gr = {
    reporting: `reporting`,
    silent: `silent`,
    never: `never heard`,
    suspended: `suspended`,
    retired: `retired`,
  }
function _r({ presence: e }) {
  return L(
    `span`,
    {
      class: `presence ${e}`,
      children: [
        L(
          `i`,
          { 'aria-hidden': `true` },
          void 0,
          !1,
          { fileName: pr, lineNumber: 36, columnNumber: 7 },
          this,
        ),
        gr[e],
      ],
    },
    void 0,
    !0,
    { fileName: pr, lineNumber: 35, columnNumber: 5 },
    this,
  )
}
function vr({ at: e }) {
  if (!e)
    return L(
      `span`,
      { class: `muted`, children: `never` },
      void 0,
      !1,
      { fileName: pr, lineNumber: 43, columnNumber: 19 },
      this,
    )
  let t = Math.max(0, Zt() - e)
  return L(
    `time`,
    { dateTime: new Date(e).toISOString(), title: Yn(e), children: t < 2e3 ? `now` : `${er(t)} ago` },
    void 0,
    !1,
    { fileName: pr, lineNumber: 46, columnNumber: 5 },
    this,
  )
}
function yr({ problem: e, onRetry: t }) {
  return L(
    `div`,
    {
      class: `note problem`,
      role: `alert`,
      children: [
        L(
          `strong`,
          { children: [Cr(e.title), `.`] },
          void 0,
          !0,
          { fileName: pr, lineNumber: 55, columnNumber: 7 },
          this,
        ),
        ` `,
        e.message && `${Cr(e.message)}. `,
        Et(e),
        t &&
          L(
            `button`,
            { type: `button`, class: `small`, onClick: t, children: `Try again` },
            void 0,
            !1,
            { fileName: pr, lineNumber: 58, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: pr, lineNumber: 54, columnNumber: 5 },
    this,
  )
}
function br({ title: e, children: t }) {
  return L(
    `div`,
    {
      class: `empty`,
      children: [
        L(
          `p`,
          { class: `empty-title`, children: e },
          void 0,
          !1,
          { fileName: pr, lineNumber: 69, columnNumber: 7 },
          this,
        ),
        t && L(`div`, { children: t }, void 0, !1, { fileName: pr, lineNumber: 70, columnNumber: 20 }, this),
      ],
    },
    void 0,
    !0,
    { fileName: pr, lineNumber: 68, columnNumber: 5 },
    this,
  )
}
function B(e) {
  let t = `panel-${e.title.toLowerCase().replaceAll(/\W+/g, `-`)}`
  return L(
    `section`,
    {
      class: `panel ${e.class ?? ``}`,
      'aria-labelledby': t,
      children: [
        L(
          `header`,
          {
            children: [
              L(
                `h2`,
                { id: t, children: e.title },
                void 0,
                !1,
                { fileName: pr, lineNumber: 85, columnNumber: 9 },
                this,
              ),
              e.actions,
            ],
          },
          void 0,
          !0,
          { fileName: pr, lineNumber: 84, columnNumber: 7 },
          this,
        ),
        e.children,
      ],
    },
    void 0,
    !0,
    { fileName: pr, lineNumber: 83, columnNumber: 5 },
    this,
  )
}
function xr(e) {
  let t = L(
      x,
      {
        children: [
          L(
            `span`,
            { class: `tile-label`, children: e.label },
            void 0,
            !1,
            { fileName: pr, lineNumber: 104, columnNumber: 7 },
            this,
          ),
          L(
            `span`,
            {
              class: `tile-value`,
              children: [
                e.value,
                e.unit &&
                  L(
                    `small`,
                    { children: [` `, e.unit] },
                    void 0,
                    !0,
                    { fileName: pr, lineNumber: 107, columnNumber: 24 },
                    this,
                  ),
              ],
            },
            void 0,
            !0,
            { fileName: pr, lineNumber: 105, columnNumber: 7 },
            this,
          ),
          L(
            `span`,
            { class: `tile-note`, children: e.note ?? `\xA0` },
            void 0,
            !1,
            { fileName: pr, lineNumber: 109, columnNumber: 7 },
            this,
          ),
        ],
      },
      void 0,
      !0,
      { fileName: pr, lineNumber: 103, columnNumber: 5 },
      this,
    ),
    n = `tile ${e.tone ?? `calm`}`
  return e.href === void 0
    ? L(
        `div`,
        { class: n, children: t },
        void 0,
        !1,
        { fileName: pr, lineNumber: 114, columnNumber: 5 },
        this,
      )
    : L(
        `a`,
        { class: n, href: e.href, children: t },
        void 0,
        !1,
        { fileName: pr, lineNumber: 116, columnNumber: 5 },
        this,
      )
}
var Sr = ({ lines: e = 4 }) =>
    L(
      `div`,
      {
        class: `loading`,
        role: `status`,
        'aria-label': `Loading`,
        children: Array.from({ length: e }, (e, t) =>
          L(`i`, {}, t, !1, { fileName: pr, lineNumber: 126, columnNumber: 7 }, void 0),
        ),
      },
      void 0,
      !1,
      { fileName: pr, lineNumber: 124, columnNumber: 3 },
      void 0,
    ),
  Cr = (e) => e.charAt(0).toUpperCase() + e.slice(1),
  wr = tt(location.hash)
addEventListener(`hashchange`, () => (wr.value = location.hash))
var Tr = ot(() => {
  let [e = ``, t = ``] = wr.value.replace(/^#\/?/, ``).split(`?`, 2)
  return {
    parts: e
      .split(`/`)
      .filter((e) => e !== ``)
      .map(Er),
    query: new URLSearchParams(t),
  }
})
function Er(e) {
  try {
    return decodeURIComponent(e)
  } catch {
    return e
  }
}
function Dr(e, t = {}) {
  let n = new URLSearchParams(t).toString()
  return `#/${e.map(encodeURIComponent).join(`/`)}${n === `` ? `` : `?${n}`}`
}
function Or(e, t = {}) {
  location.hash = Dr(e, t)
}
function kr(e) {
  let { parts: t, query: n } = Tr.peek(),
    r = new URLSearchParams(n)
  for (let [t, n] of Object.entries(e)) n === null || n === `` ? r.delete(t) : r.set(t, n)
  ;(history.replaceState(null, ``, Dr(t, Object.fromEntries(r))), (wr.value = location.hash))
}
var Ar = `telltale.theme`,
  jr = localStorage.getItem(Ar),
  Mr = tt(jr === `dark` || jr === `light` ? jr : `system`),
  Nr = matchMedia(`(prefers-color-scheme: dark)`),
  Pr = tt(0)
function Fr() {
  let e = Mr.value
  ;((document.documentElement.dataset.theme = e === `system` ? (Nr.matches ? `dark` : `light`) : e),
    Lr.clear(),
    Pr.value++)
}
Nr.addEventListener(`change`, Fr)
function Ir(e) {
  ;(localStorage.setItem(Ar, e), (Mr.value = e), Fr())
}
var Lr = new Map()
function Rr(e) {
  let t = Lr.get(e)
  return (
    t === void 0 &&
      ((t = getComputedStyle(document.documentElement).getPropertyValue(`--${e}`).trim()), Lr.set(e, t)),
    t
  )
}
var zr = !0,
  Br = `uplot`,
  Vr = `u-hz`,
  Hr = `u-vt`,
  Ur = `u-title`,
  Wr = `u-wrap`,
  Gr = `u-under`,
  Kr = `u-over`,
  qr = `u-axis`,
  Jr = `u-off`,
  Yr = `u-select`,
  Xr = `u-cursor-x`,
  Zr = `u-cursor-y`,
  Qr = `u-cursor-pt`,
  $r = `u-legend`,
  ei = `u-live`,
  ti = `u-inline`,
  ni = `u-series`,
  ri = `u-marker`,
  ii = `u-label`,
  ai = `u-value`,
  oi = `width`,
  si = `height`,
  ci = `top`,
  li = `bottom`,
  ui = `left`,
  di = `right`,
  fi = `#000`,
  pi = `#0000`,
  mi = `mousemove`,
  hi = `mousedown`,
  gi = `mouseup`,
  _i = `mouseenter`,
  vi = `mouseleave`,
  yi = `dblclick`,
  bi = `resize`,
  xi = `scroll`,
  Si = `change`,
  Ci = `dppxchange`,
  wi = `--`,
  Ti = typeof window < `u`,
  Ei = Ti ? document : null,
  Di = Ti ? window : null,
  Oi = Ti ? navigator : null,
  V,
  ki
function Ai() {
  let e = devicePixelRatio
  V != e &&
    ((V = e),
    ki && Gi(Si, ki, Ai),
    (ki = matchMedia(`(min-resolution: ${V - 0.001}dppx) and (max-resolution: ${V + 0.001}dppx)`)),
    Wi(Si, ki, Ai),
    Di.dispatchEvent(new CustomEvent(Ci)))
}
function ji(e, t) {
  if (t != null) {
    let n = e.classList
    !n.contains(t) && n.add(t)
  }
}
function Mi(e, t) {
  let n = e.classList
  n.contains(t) && n.remove(t)
}
function Ni(e, t, n) {
  e.style[t] = n + `px`
}
function Pi(e, t, n, r) {
  let i = Ei.createElement(e)
  return (t != null && ji(i, t), n?.insertBefore(i, r), i)
}
function Fi(e, t) {
  return Pi(`div`, e, t)
}
var Ii = new WeakMap()
function Li(e, t, n, r, i) {
  let a = `translate(` + t + `px,` + n + `px)`
  a != Ii.get(e) &&
    ((e.style.transform = a), Ii.set(e, a), t < 0 || n < 0 || t > r || n > i ? ji(e, Jr) : Mi(e, Jr))
}
var Ri = new WeakMap()
function zi(e, t, n) {
  let r = t + n
  r != Ri.get(e) && (Ri.set(e, r), (e.style.background = t), (e.style.borderColor = n))
}
var Bi = new WeakMap()
function Vi(e, t, n, r) {
  let i = t + `` + n
  i != Bi.get(e) &&
    (Bi.set(e, i),
    (e.style.height = n + `px`),
    (e.style.width = t + `px`),
    (e.style.marginLeft = r ? -t / 2 + `px` : 0),
    (e.style.marginTop = r ? -n / 2 + `px` : 0))
}
var Hi = { passive: !0 },
  Ui = { ...Hi, capture: !0 }
function Wi(e, t, n, r) {
  t.addEventListener(e, n, r ? Ui : Hi)
}
function Gi(e, t, n, r) {
  t.removeEventListener(e, n, Hi)
}
Ti && Ai()
function Ki(e, t, n, r) {
  let i
  ;((n ||= 0), (r ||= t.length - 1))
  let a = r <= 2147483647
  for (; r - n > 1;) ((i = a ? (n + r) >> 1 : pa((n + r) / 2)), t[i] < e ? (n = i) : (r = i))
  return e - t[n] <= t[r] - e ? n : r
}
function qi(e) {
  return (t, n, r) => {
    let i = -1,
      a = -1
    for (let a = n; a <= r; a++)
      if (e(t[a])) {
        i = a
        break
      }
    for (let i = r; i >= n; i--)
      if (e(t[i])) {
        a = i
        break
      }
    return [i, a]
  }
}
var Ji = (e) => e != null,
  Yi = (e) => e != null && e > 0,
  Xi = qi(Ji),
  Zi = qi(Yi)
function Qi(e, t, n, r = 0, i = !1) {
  let a = i ? Zi : Xi,
    o = i ? Yi : Ji
  ;[t, n] = a(e, t, n)
  let s = e[t],
    c = e[t]
  if (t > -1) {
    if (r == 1) ((s = e[t]), (c = e[n]))
    else if (r == -1) ((s = e[n]), (c = e[t]))
    else
      for (let r = t; r <= n; r++) {
        let t = e[r]
        o(t) && (t < s ? (s = t) : t > c && (c = t))
      }
  }
  return [s ?? wa, c ?? -wa]
}
function $i(e, t, n, r) {
  let i = ya(e),
    a = ya(t)
  e == t && (i == -1 ? ((e *= n), (t /= n)) : ((e /= n), (t *= n)))
  let o = n == 10 ? ba : xa,
    s = i == 1 ? pa : ha,
    c = a == 1 ? ha : pa,
    l = s(o(fa(e))),
    u = c(o(fa(t))),
    d = va(n, l),
    f = va(n, u)
  return (
    n == 10 && (l < 0 && (d = za(d, -l)), u < 0 && (f = za(f, -u))),
    r || n == 2 ? ((e = d * i), (t = f * a)) : ((e = Ra(e, d)), (t = La(t, f))),
    [e, t]
  )
}
function ea(e, t, n, r) {
  let i = $i(e, t, n, r)
  return (e == 0 && (i[0] = 0), t == 0 && (i[1] = 0), i)
}
var ta = 0.1,
  na = { mode: 3, pad: ta },
  ra = { pad: 0, soft: null, mode: 0 },
  ia = { min: ra, max: ra }
function aa(e, t, n, r) {
  return Xa(n) ? sa(e, t, n) : ((ra.pad = n), (ra.soft = r ? 0 : null), (ra.mode = r ? 3 : 0), sa(e, t, ia))
}
function H(e, t) {
  return e ?? t
}
function oa(e, t, n) {
  for (t = H(t, 0), n = H(n, e.length - 1); t <= n;) {
    if (e[t] != null) return !0
    t++
  }
  return !1
}
function sa(e, t, n) {
  let r = n.min,
    i = n.max,
    a = H(r.pad, 0),
    o = H(i.pad, 0),
    s = H(r.hard, -wa),
    c = H(i.hard, wa),
    l = H(r.soft, wa),
    u = H(i.soft, -wa),
    d = H(r.mode, 0),
    f = H(i.mode, 0),
    p = t - e,
    m = ba(p),
    h = _a(fa(e), fa(t)),
    g = fa(ba(h) - m)
  ;(p < 1e-24 || g > 10) &&
    ((p = 0),
    (e == 0 || t == 0) && ((p = 1e-24), d == 2 && l != wa && (a = 0), f == 2 && u != -wa && (o = 0)))
  let _ = p || h || 1e3,
    v = va(10, pa(ba(_))),
    y = za(Ra(e - _ * (p == 0 ? (e == 0 ? 0.1 : 1) : a), v / 10), 24),
    b = e >= l && (d == 1 || (d == 3 && y <= l) || (d == 2 && y >= l)) ? l : wa,
    x = _a(s, y < b && e >= b ? b : ga(b, y)),
    S = za(La(t + _ * (p == 0 ? (t == 0 ? 0.1 : 1) : o), v / 10), 24),
    C = t <= u && (f == 1 || (f == 3 && S >= u) || (f == 2 && S <= u)) ? u : -wa,
    w = ga(c, S > C && t <= C ? C : _a(C, S))
  return (x == w && x == 0 && (w = 100), [x, w])
}
var ca = new Intl.NumberFormat(Ti ? Oi.language : `en-US`),
  la = (e) => ca.format(e),
  ua = Math,
  da = ua.PI,
  fa = ua.abs,
  pa = ua.floor,
  ma = ua.round,
  ha = ua.ceil,
  ga = ua.min,
  _a = ua.max,
  va = ua.pow,
  ya = ua.sign,
  ba = ua.log10,
  xa = ua.log2,
  Sa = (e, t = 1) => ua.sinh(e) * t,
  Ca = (e, t = 1) => ua.asinh(e / t),
  wa = 1 / 0
function Ta(e) {
  return (ba((e ^ (e >> 31)) - (e >> 31)) | 0) + 1
}
function Ea(e, t, n) {
  return ga(_a(e, t), n)
}
function Da(e) {
  return typeof e === `function`
}
function U(e) {
  return Da(e) ? e : () => e
}
var Oa = () => {},
  ka = (e) => e,
  Aa = (e, t) => t,
  ja = (e) => null,
  Ma = (e) => !0,
  Na = (e, t) => e == t,
  Pa = /\.\d*?(?=9{6,}|0{6,})/gm,
  Fa = (e) => {
    if (qa(e) || Ba.has(e)) return e
    let t = `${e}`,
      n = t.match(Pa)
    if (n == null) return e
    let r = n[0].length - 1
    if (t.indexOf(`e-`) != -1) {
      let [e, n] = t.split(`e`)
      return +`${Fa(e)}e${n}`
    }
    return za(e, r)
  }
function Ia(e, t) {
  return Fa(za(Fa(e / t)) * t)
}
function La(e, t) {
  return Fa(ha(Fa(e / t)) * t)
}
function Ra(e, t) {
  return Fa(pa(Fa(e / t)) * t)
}
function za(e, t = 0) {
  if (qa(e)) return e
  let n = 10 ** t
  return ma(e * n * (1 + 2 ** -52)) / n
}
var Ba = new Map()
function Va(e) {
  return ((`` + e).split(`.`)[1] || ``).length
}
function Ha(e, t, n, r) {
  let i = [],
    a = r.map(Va)
  for (let o = t; o < n; o++) {
    let t = fa(o),
      n = za(va(e, o), t)
    for (let s = 0; s < r.length; s++) {
      let c = e == 10 ? +`${r[s]}e${o}` : r[s] * n,
        l = (o >= 0 ? 0 : t) + (o >= a[s] ? 0 : a[s]),
        u = e == 10 ? c : za(c, l)
      ;(i.push(u), Ba.set(u, l))
    }
  }
  return i
}
var Ua = {},
  Wa = [],
  Ga = [null, null],
  Ka = Array.isArray,
  qa = Number.isInteger,
  Ja = (e) => e === void 0
function Ya(e) {
  return typeof e === `string`
}
function Xa(e) {
  let t = !1
  if (e != null) {
    let n = e.constructor
    t = n == null || n == Object
  }
  return t
}
function Za(e) {
  return typeof e === `object` && !!e
}
var Qa = Object.getPrototypeOf(Uint8Array),
  $a = `__proto__`
function eo(e, t = Xa) {
  let n
  if (Ka(e)) {
    let r = e.find((e) => e != null)
    if (Ka(r) || t(r)) {
      n = Array(e.length)
      for (let r = 0; r < e.length; r++) n[r] = eo(e[r], t)
    } else n = e.slice()
  } else if (e instanceof Qa) n = e.slice()
  else if (t(e)) {
    n = {}
    for (let r in e) r != $a && (n[r] = eo(e[r], t))
  } else n = e
  return n
}
function to(e) {
  let t = arguments
  for (let n = 1; n < t.length; n++) {
    let r = t[n]
    for (let t in r) t != $a && (Xa(e[t]) ? to(e[t], eo(r[t])) : (e[t] = eo(r[t])))
  }
  return e
}
var no = 0,
  ro = 1,
  io = 2
function ao(e, t, n) {
  for (let r = 0, i, a = -1; r < t.length; r++) {
    let o = t[r]
    if (o > a) {
      for (i = o - 1; i >= 0 && e[i] == null;) e[i--] = null
      for (i = o + 1; i < n && e[i] == null;) e[(a = i++)] = null
    }
  }
}
function oo(e, t) {
  if (lo(e)) {
    let t = e[0].slice()
    for (let n = 1; n < e.length; n++) t.push(...e[n].slice(1))
    return (uo(t[0]) || (t = co(t)), t)
  }
  let n = new Set()
  for (let t = 0; t < e.length; t++) {
    let r = e[t][0],
      i = r.length
    for (let e = 0; e < i; e++) n.add(r[e])
  }
  let r = [Array.from(n).sort((e, t) => e - t)],
    i = r[0].length,
    a = new Map()
  for (let e = 0; e < i; e++) a.set(r[0][e], e)
  for (let n = 0; n < e.length; n++) {
    let o = e[n],
      s = o[0]
    for (let e = 1; e < o.length; e++) {
      let c = o[e],
        l = Array(i).fill(void 0),
        u = t ? t[n][e] : ro,
        d = []
      for (let e = 0; e < c.length; e++) {
        let t = c[e],
          n = a.get(s[e])
        t === null ? u != no && ((l[n] = t), u == io && d.push(n)) : (l[n] = t)
      }
      ;(ao(l, d, i), r.push(l))
    }
  }
  return r
}
var so = typeof queueMicrotask > `u` ? (e) => Promise.resolve().then(e) : queueMicrotask
function co(e) {
  let t = e[0],
    n = t.length,
    r = Array(n)
  for (let e = 0; e < r.length; e++) r[e] = e
  r.sort((e, n) => t[e] - t[n])
  let i = []
  for (let t = 0; t < e.length; t++) {
    let a = e[t],
      o = Array(n)
    for (let e = 0; e < n; e++) o[e] = a[r[e]]
    i.push(o)
  }
  return i
}
function lo(e) {
  let t = e[0][0],
    n = t.length
  for (let r = 1; r < e.length; r++) {
    let i = e[r][0]
    if (i.length != n) return !1
    if (i != t) {
      for (let e = 0; e < n; e++) if (i[e] != t[e]) return !1
    }
  }
  return !0
}
function uo(e, t = 100) {
  let n = e.length
  if (n <= 1) return !0
  let r = 0,
    i = n - 1
  for (; r <= i && e[r] == null;) r++
  for (; i >= r && e[i] == null;) i--
  if (i <= r) return !0
  let a = _a(1, pa((i - r + 1) / t))
  for (let t = e[r], n = r + a; n <= i; n += a) {
    let r = e[n]
    if (r != null) {
      if (r <= t) return !1
      t = r
    }
  }
  return !0
}
var fo = [
    `January`,
    `February`,
    `March`,
    `April`,
    `May`,
    `June`,
    `July`,
    `August`,
    `September`,
    `October`,
    `November`,
    `December`,
  ],
  po = [`Sunday`, `Monday`, `Tuesday`, `Wednesday`, `Thursday`, `Friday`, `Saturday`]
function mo(e) {
  return e.slice(0, 3)
}
var ho = po.map(mo),
  go = { MMMM: fo, MMM: fo.map(mo), WWWW: po, WWW: ho }
function _o(e) {
  return (e < 10 ? `0` : ``) + e
}
function vo(e) {
  return (e < 10 ? `00` : e < 100 ? `0` : ``) + e
}
var yo = {
  YYYY: (e) => e.getFullYear(),
  YY: (e) => (e.getFullYear() + ``).slice(2),
  MMMM: (e, t) => t.MMMM[e.getMonth()],
  MMM: (e, t) => t.MMM[e.getMonth()],
  MM: (e) => _o(e.getMonth() + 1),
  M: (e) => e.getMonth() + 1,
  DD: (e) => _o(e.getDate()),
  D: (e) => e.getDate(),
  WWWW: (e, t) => t.WWWW[e.getDay()],
  WWW: (e, t) => t.WWW[e.getDay()],
  HH: (e) => _o(e.getHours()),
  H: (e) => e.getHours(),
  h: (e) => {
    let t = e.getHours()
    return t == 0 ? 12 : t > 12 ? t - 12 : t
  },
  AA: (e) => (e.getHours() >= 12 ? `PM` : `AM`),
  aa: (e) => (e.getHours() >= 12 ? `pm` : `am`),
  a: (e) => (e.getHours() >= 12 ? `p` : `a`),
  mm: (e) => _o(e.getMinutes()),
  m: (e) => e.getMinutes(),
  ss: (e) => _o(e.getSeconds()),
  s: (e) => e.getSeconds(),
  fff: (e) => vo(e.getMilliseconds()),
}
function bo(e, t) {
  t ||= go
  let n = [],
    r = /\{([a-z]+)\}|[^{]+/gi,
    i
  for (; (i = r.exec(e));) n.push(i[0][0] == `{` ? yo[i[1]] : i[0])
  return (e) => {
    let r = ``
    for (let i = 0; i < n.length; i++) r += typeof n[i] === `string` ? n[i] : n[i](e, t)
    return r
  }
}
var xo = new Intl.DateTimeFormat().resolvedOptions().timeZone
function So(e, t) {
  let n
  return (
    t == `UTC` || t == `Etc/UTC`
      ? (n = new Date(+e + e.getTimezoneOffset() * 6e4))
      : t == xo
        ? (n = e)
        : ((n = new Date(e.toLocaleString(`en-US`, { timeZone: t }))),
          n.setMilliseconds(e.getMilliseconds())),
    n
  )
}
var Co = (e) => e % 1 == 0,
  wo = [1, 2, 2.5, 5],
  To = Ha(10, -32, 0, wo),
  Eo = Ha(10, 0, 32, wo),
  Do = Eo.filter(Co),
  Oo = To.concat(Eo),
  ko = `
`,
  Ao = `{YYYY}`,
  jo = ko + Ao,
  Mo = `{M}/{D}`,
  No = ko + Mo,
  Po = No + `/{YY}`,
  Fo = `{aa}`,
  Io = `{h}:{mm}` + Fo,
  Lo = ko + Io,
  Ro = `:{ss}`,
  W = null
function zo(e) {
  let t = e * 1e3,
    n = t * 60,
    r = n * 60,
    i = r * 24,
    a = i * 30,
    o = i * 365,
    s = (e == 1 ? Ha(10, 0, 3, wo).filter(Co) : Ha(10, -3, 0, wo)).concat([
      t,
      t * 5,
      t * 10,
      t * 15,
      t * 30,
      n,
      n * 5,
      n * 10,
      n * 15,
      n * 30,
      r,
      r * 2,
      r * 3,
      r * 4,
      r * 6,
      r * 8,
      r * 12,
      i,
      i * 2,
      i * 3,
      i * 4,
      i * 5,
      i * 6,
      i * 7,
      i * 8,
      i * 9,
      i * 10,
      i * 15,
      a,
      a * 2,
      a * 3,
      a * 4,
      a * 6,
      o,
      o * 2,
      o * 5,
      o * 10,
      o * 25,
      o * 50,
      o * 100,
    ]),
    c = [
      [o, Ao, W, W, W, W, W, W, 1],
      [i * 28, `{MMM}`, jo, W, W, W, W, W, 1],
      [i, Mo, jo, W, W, W, W, W, 1],
      [r, `{h}` + Fo, Po, W, No, W, W, W, 1],
      [n, Io, Po, W, No, W, W, W, 1],
      [t, Ro, Po + ` ` + Io, W, No + ` ` + Io, W, Lo, W, 1],
      [e, Ro + `.{fff}`, Po + ` ` + Io, W, No + ` ` + Io, W, Lo, W, 1],
    ]
  function l(t) {
    return (s, c, l, u, d, f) => {
      let p = [],
        m = d >= o,
        h = d >= a && d < o,
        g = t(l),
        _ = za(g * e, 3),
        v = Yo(g.getFullYear(), m ? 0 : g.getMonth(), h || m ? 1 : g.getDate()),
        y = za(v * e, 3)
      if (h || m) {
        let n = h ? d / a : 0,
          r = m ? d / o : 0,
          i = _ == y ? _ : za(Yo(v.getFullYear() + r, v.getMonth() + n, 1) * e, 3),
          s = new Date(ma(i / e)),
          c = s.getFullYear(),
          l = s.getMonth()
        for (let a = 0; i <= u; a++) {
          let o = Yo(c + r * a, l + n * a, 1),
            s = o - t(za(o * e, 3))
          ;((i = za((+o + s) * e, 3)), i <= u && p.push(i))
        }
      } else {
        let a = d >= i ? i : d,
          o = y + (pa(l) - pa(_)) + La(_ - y, a)
        p.push(o)
        let m = t(o),
          h = m.getHours() + m.getMinutes() / n + m.getSeconds() / r,
          g = d / r,
          v = f / s.axes[c]._space
        for (; (o = za(o + d, e == 1 ? 0 : 3)), !(o > u);)
          if (g > 1) {
            let e = pa(za(h + g, 6)) % 24,
              n = t(o).getHours() - e
            ;(n > 1 && (n = -1), (o -= n * r), (h = (h + g) % 24))
            let i = p[p.length - 1]
            za((o - i) / d, 3) * v >= 0.7 && p.push(o)
          } else p.push(o)
      }
      return p
    }
  }
  return [s, c, l]
}
var [Bo, Vo, Ho] = zo(1),
  [Uo, Wo, Go] = zo(0.001)
Ha(2, -53, 53, [1])
function Ko(e, t) {
  return e.map((e) =>
    e.map((n, r) => (r == 0 || r == 8 || n == null ? n : t(r == 1 || e[8] == 0 ? n : e[1] + n))),
  )
}
function qo(e, t) {
  return (n, r, i, a, o) => {
    let s = t.find((e) => o >= e[0]) || t[t.length - 1],
      c,
      l,
      u,
      d,
      f,
      p
    return r.map((t) => {
      let n = e(t),
        r = n.getFullYear(),
        i = n.getMonth(),
        a = n.getDate(),
        o = n.getHours(),
        m = n.getMinutes(),
        h = n.getSeconds(),
        g =
          (r != c && s[2]) ||
          (i != l && s[3]) ||
          (a != u && s[4]) ||
          (o != d && s[5]) ||
          (m != f && s[6]) ||
          (h != p && s[7]) ||
          s[1]
      return ((c = r), (l = i), (u = a), (d = o), (f = m), (p = h), g(n))
    })
  }
}
function Jo(e, t) {
  let n = bo(t)
  return (t, r, i, a, o) => r.map((t) => n(e(t)))
}
function Yo(e, t, n) {
  return new Date(e, t, n)
}
function Xo(e, t) {
  return t(e)
}
var Zo = `{YYYY}-{MM}-{DD} {h}:{mm}{aa}`
function Qo(e, t) {
  return (n, r, i, a) => (a == null ? wi : t(e(r)))
}
function $o(e, t) {
  let n = e.series[t]
  return n.width ? n.stroke(e, t) : n.points.width ? n.points.stroke(e, t) : null
}
function es(e, t) {
  return e.series[t].fill(e, t)
}
var ts = {
  show: !0,
  live: !0,
  isolate: !1,
  mount: Oa,
  markers: { show: !0, width: 2, stroke: $o, fill: es, dash: `solid` },
  idx: null,
  idxs: null,
  values: [],
}
function ns(e, t) {
  let n = e.cursor.points,
    r = Fi(),
    i = n.size(e, t)
  ;(Ni(r, oi, i), Ni(r, si, i))
  let a = i / -2
  ;(Ni(r, `marginLeft`, a), Ni(r, `marginTop`, a))
  let o = n.width(e, t, i)
  return (o && Ni(r, `borderWidth`, o), r)
}
function rs(e, t) {
  let n = e.series[t].points
  return n._fill || n._stroke
}
function is(e, t) {
  let n = e.series[t].points
  return n._stroke || n._fill
}
function as(e, t) {
  return e.series[t].points.size
}
var os = [0, 0]
function ss(e, t, n) {
  return ((os[0] = t), (os[1] = n), os)
}
function cs(e, t, n, r = !0) {
  return (e) => {
    e.button != 0 || (r && e.target != t) || n(e)
  }
}
function ls(e, t, n, r = !0) {
  return (e) => {
    ;(r && e.target != t) || n(e)
  }
}
var us = {
    show: !0,
    x: !0,
    y: !0,
    lock: !1,
    move: ss,
    points: { one: !1, show: ns, size: as, width: 0, stroke: is, fill: rs },
    bind: {
      mousedown: cs,
      mouseup: cs,
      click: cs,
      dblclick: cs,
      mousemove: ls,
      mouseleave: ls,
      mouseenter: ls,
    },
    drag: {
      setScale: !0,
      x: !0,
      y: !1,
      dist: 0,
      uni: null,
      click: (e, t) => {
        ;(t.stopPropagation(), t.stopImmediatePropagation())
      },
      _x: !1,
      _y: !1,
    },
    focus: { dist: (e, t, n, r, i) => r - i, prox: -1, bias: 0 },
    hover: { skip: [void 0], prox: null, bias: 0 },
    left: -10,
    top: -10,
    idx: null,
    dataIdx: null,
    idxs: null,
    event: null,
  },
  ds = { show: !0, stroke: `rgba(0,0,0,0.07)`, width: 2 },
  fs = to({}, ds, { filter: Aa }),
  ps = to({}, fs, { size: 10 }),
  ms = to({}, ds, { show: !1 }),
  hs = `12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"`,
  gs = `bold ` + hs,
  _s = 1.5,
  vs = {
    show: !0,
    scale: `x`,
    stroke: fi,
    space: 50,
    gap: 5,
    alignTo: 1,
    size: 50,
    labelGap: 0,
    labelSize: 30,
    labelFont: gs,
    side: 2,
    grid: fs,
    ticks: ps,
    border: ms,
    font: hs,
    lineGap: _s,
    rotate: 0,
  },
  ys = `Value`,
  bs = `Time`,
  xs = { show: !0, scale: `x`, auto: !1, sorted: 1, min: wa, max: -1 / 0, idxs: [] }
function Ss(e, t, n, r, i) {
  return t.map((e) => (e == null ? `` : la(e)))
}
function Cs(e, t, n, r, i, a, o) {
  let s = [],
    c = Ba.get(i) || 0
  n = o ? n : za(La(n, i), c)
  for (let e = n; e <= r; e = za(e + i, c)) s.push(Object.is(e, -0) ? 0 : e)
  return s
}
function ws(e, t, n, r, i, a, o) {
  let s = [],
    c = e.scales[e.axes[t].scale].log
  ;((i = va(c, pa((c == 10 ? ba : xa)(n)))), c == 10 && (i = Oo[Ki(i, Oo)]))
  let l = n,
    u = i * c
  c == 10 && (u = Oo[Ki(u, Oo)])
  do
    (s.push(l),
      (l += i),
      c == 10 && !Ba.has(l) && (l = za(l, Ba.get(i))),
      l >= u && ((i = l), (u = i * c), c == 10 && (u = Oo[Ki(u, Oo)])))
  while (l <= r)
  return s
}
function Ts(e, t, n, r, i, a, o) {
  let s = e.scales[e.axes[t].scale].asinh,
    c = r > s ? ws(e, t, _a(s, n), r, i) : [s],
    l = r >= 0 && n <= 0 ? [0] : []
  return (n < -s ? ws(e, t, _a(s, -r), -n, i) : [s])
    .reverse()
    .map((e) => -e)
    .concat(l, c)
}
var Es = /./,
  Ds = /[12357]/,
  Os = /[125]/,
  ks = /1/,
  As = (e, t, n, r) =>
    e.map((e, i) => ((t == 4 && e == 0) || (i % r == 0 && n.test(e.toExponential()[+(e < 0)])) ? e : null))
function js(e, t, n, r, i) {
  let a = e.axes[n],
    o = a.scale,
    s = e.scales[o],
    c = e.valToPos,
    l = a._space,
    u = c(10, o),
    d = c(9, o) - u >= l ? Es : c(7, o) - u >= l ? Ds : c(5, o) - u >= l ? Os : ks
  if (d == ks) {
    let e = fa(c(1, o) - u)
    if (e < l) return As(t.slice().reverse(), s.distr, d, ha(l / e)).reverse()
  }
  return As(t, s.distr, d, 1)
}
function Ms(e, t, n, r, i) {
  let a = e.axes[n],
    o = a.scale,
    s = a._space,
    c = e.valToPos,
    l = fa(c(1, o) - c(2, o))
  return l < s ? As(t.slice().reverse(), 3, Es, ha(s / l)).reverse() : t
}
function Ns(e, t, n, r) {
  return r == null ? wi : t == null ? `` : la(t)
}
var Ps = {
  show: !0,
  scale: `y`,
  stroke: fi,
  space: 30,
  gap: 5,
  alignTo: 1,
  size: 50,
  labelGap: 0,
  labelSize: 30,
  labelFont: gs,
  side: 3,
  grid: fs,
  ticks: ps,
  border: ms,
  font: hs,
  lineGap: _s,
  rotate: 0,
}
function Fs(e, t) {
  return za((3 + (e || 1) * 2) * t, 3)
}
function Is(e, t) {
  let { scale: n, idxs: r } = e.series[0],
    i = e._data[0],
    a = e.valToPos(i[r[0]], n, !0),
    o = fa(e.valToPos(i[r[1]], n, !0) - a) / (e.series[t].points.space * V)
  return r[1] - r[0] <= o
}
var Ls = { scale: null, auto: !0, sorted: 0, min: wa, max: -1 / 0 },
  Rs = (e, t, n, r, i) => i,
  zs = {
    show: !0,
    auto: !0,
    sorted: 0,
    gaps: Rs,
    alpha: 1,
    facets: [to({}, Ls, { scale: `x` }), to({}, Ls, { scale: `y` })],
  },
  Bs = {
    scale: `y`,
    auto: !0,
    sorted: 0,
    show: !0,
    spanGaps: !1,
    gaps: Rs,
    alpha: 1,
    points: { show: Is, filter: null },
    values: null,
    min: wa,
    max: -1 / 0,
    idxs: [],
    path: null,
    clip: null,
  }
function Vs(e, t, n, r, i) {
  return n / 10
}
var Hs = { time: zr, auto: !0, distr: 1, log: 10, asinh: 1, min: null, max: null, dir: 1, ori: 0 },
  Us = to({}, Hs, { time: !1, ori: 1 }),
  Ws = {}
function Gs(e, t) {
  let n = Ws[e]
  return (
    n ||
      ((n = {
        key: e,
        plots: [],
        sub(e) {
          n.plots.push(e)
        },
        unsub(e) {
          n.plots = n.plots.filter((t) => t != e)
        },
        pub(e, t, r, i, a, o, s) {
          for (let c = 0; c < n.plots.length; c++) n.plots[c] != t && n.plots[c].pub(e, t, r, i, a, o, s)
        },
      }),
      e != null && (Ws[e] = n)),
    n
  )
}
var Ks = 1,
  qs = 2
function Js(e, t, n) {
  let r = e.mode,
    i = e.series[t],
    a = r == 2 ? e._data[t] : e._data,
    o = e.scales,
    s = e.bbox,
    c = a[0],
    l = r == 2 ? a[1] : a[t],
    u = r == 2 ? o[i.facets[0].scale] : o[e.series[0].scale],
    d = r == 2 ? o[i.facets[1].scale] : o[i.scale],
    f = s.left,
    p = s.top,
    m = s.width,
    h = s.height,
    g = e.valToPosH,
    _ = e.valToPosV
  return u.ori == 0
    ? n(i, c, l, u, d, g, _, f, p, m, h, rc, ac, sc, lc, dc)
    : n(i, c, l, u, d, _, g, p, f, h, m, ic, oc, cc, uc, fc)
}
function Ys(e, t) {
  let n = 0,
    r = 0,
    i = H(e.bands, Wa)
  for (let e = 0; e < i.length; e++) {
    let a = i[e]
    a.series[0] == t ? (n = a.dir) : a.series[1] == t && (a.dir == 1 ? (r |= 1) : (r |= 2))
  }
  return [n, r == 1 ? -1 : r == 2 ? 1 : r == 3 ? 2 : 0]
}
function Xs(e, t, n, r, i) {
  let a = e.mode,
    o = e.series[t],
    s = a == 2 ? o.facets[1].scale : o.scale,
    c = e.scales[s]
  return i == -1 ? c.min : i == 1 ? c.max : c.distr == 3 ? (c.dir == 1 ? c.min : c.max) : 0
}
function Zs(e, t, n, r, i, a) {
  return Js(e, t, (e, t, o, s, c, l, u, d, f, p, m) => {
    let h = e.pxRound,
      g = s.dir * (s.ori == 0 ? 1 : -1),
      _ = s.ori == 0 ? ac : oc,
      v,
      y
    g == 1 ? ((v = n), (y = r)) : ((v = r), (y = n))
    let b = h(l(t[v], s, p, d)),
      x = h(u(o[v], c, m, f)),
      S = h(l(t[y], s, p, d)),
      C = h(u(a == 1 ? c.max : c.min, c, m, f)),
      w = new Path2D(i)
    return (_(w, S, C), _(w, b, C), _(w, b, x), w)
  })
}
function Qs(e, t, n, r, i, a) {
  let o = null
  if (e.length > 0) {
    o = new Path2D()
    let s = t == 0 ? sc : cc,
      c = n
    for (let t = 0; t < e.length; t++) {
      let n = e[t]
      if (n[1] > n[0]) {
        let e = n[0] - c
        ;(e > 0 && s(o, c, r, e, r + a), (c = n[1]))
      }
    }
    let l = n + i - c
    l > 0 && s(o, c, r - 5, l, r + a + 10)
  }
  return o
}
function $s(e, t, n) {
  let r = e[e.length - 1]
  r && r[0] == t ? (r[1] = n) : e.push([t, n])
}
function ec(e, t, n, r, i, a, o) {
  let s = [],
    c = e.length
  for (let l = i == 1 ? n : r; l >= n && l <= r; l += i)
    if (t[l] === null) {
      let u = l,
        d = l
      if (i == 1) for (; ++l <= r && t[l] === null;) d = l
      else for (; --l >= n && t[l] === null;) d = l
      let f = a(e[u]),
        p = d == u ? f : a(e[d]),
        m = u - i
      f = o <= 0 && m >= 0 && m < c ? a(e[m]) : f
      let h = d + i
      ;((p = o >= 0 && h >= 0 && h < c ? a(e[h]) : p), p >= f && s.push([f, p]))
    }
  return s
}
function tc(e) {
  return e == 0 ? ka : e == 1 ? ma : (t) => Ia(t, e)
}
function nc(e) {
  let t = e == 0 ? rc : ic,
    n =
      e == 0
        ? (e, t, n, r, i, a) => {
            e.arcTo(t, n, r, i, a)
          }
        : (e, t, n, r, i, a) => {
            e.arcTo(n, t, i, r, a)
          },
    r =
      e == 0
        ? (e, t, n, r, i) => {
            e.rect(t, n, r, i)
          }
        : (e, t, n, r, i) => {
            e.rect(n, t, i, r)
          }
  return (e, i, a, o, s, c = 0, l = 0) => {
    c == 0 && l == 0
      ? r(e, i, a, o, s)
      : ((c = ga(c, o / 2, s / 2)),
        (l = ga(l, o / 2, s / 2)),
        t(e, i + c, a),
        n(e, i + o, a, i + o, a + s, c),
        n(e, i + o, a + s, i, a + s, l),
        n(e, i, a + s, i, a, l),
        n(e, i, a, i + o, a, c),
        e.closePath())
  }
}
var rc = (e, t, n) => {
    e.moveTo(t, n)
  },
  ic = (e, t, n) => {
    e.moveTo(n, t)
  },
  ac = (e, t, n) => {
    e.lineTo(t, n)
  },
  oc = (e, t, n) => {
    e.lineTo(n, t)
  },
  sc = nc(0),
  cc = nc(1),
  lc = (e, t, n, r, i, a) => {
    e.arc(t, n, r, i, a)
  },
  uc = (e, t, n, r, i, a) => {
    e.arc(n, t, r, i, a)
  },
  dc = (e, t, n, r, i, a, o) => {
    e.bezierCurveTo(t, n, r, i, a, o)
  },
  fc = (e, t, n, r, i, a, o) => {
    e.bezierCurveTo(n, t, i, r, o, a)
  }
function pc(e) {
  return (e, t, n, r, i) =>
    Js(e, t, (t, a, o, s, c, l, u, d, f, p, m) => {
      let { pxRound: h, points: g } = t,
        _,
        v
      s.ori == 0 ? ((_ = rc), (v = lc)) : ((_ = ic), (v = uc))
      let y = za(g.width * V, 3),
        b = ((g.size - g.width) / 2) * V,
        x = za(b * 2, 3),
        S = new Path2D(),
        C = new Path2D(),
        { left: w, top: T, width: E, height: D } = e.bbox
      sc(C, w - x, T - x, E + x * 2, D + x * 2)
      let ee = (e) => {
        if (o[e] != null) {
          let t = h(l(a[e], s, p, d)),
            n = h(u(o[e], c, m, f))
          ;(_(S, t + b, n), v(S, t, n, b, 0, da * 2))
        }
      }
      if (i) i.forEach(ee)
      else for (let e = n; e <= r; e++) ee(e)
      return { stroke: y > 0 ? S : null, fill: S, clip: C, flags: 3 }
    })
}
function mc(e) {
  return (t, n, r, i, a, o) => {
    r != i && (a != r && o != r && e(t, n, r), a != i && o != i && e(t, n, i), e(t, n, o))
  }
}
var hc = mc(ac),
  gc = mc(oc)
function _c(e) {
  let t = H(e?.alignGaps, 0)
  return (e, n, r, i) =>
    Js(e, n, (a, o, s, c, l, u, d, f, p, m, h) => {
      ;[r, i] = Xi(s, r, i)
      let g = a.pxRound,
        _ = (e) => g(u(e, c, m, f)),
        v = (e) => g(d(e, l, h, p)),
        y,
        b
      c.ori == 0 ? ((y = ac), (b = hc)) : ((y = oc), (b = gc))
      let x = c.dir * (c.ori == 0 ? 1 : -1),
        S = { stroke: new Path2D(), fill: null, clip: null, band: null, gaps: null, flags: Ks },
        C = S.stroke,
        w = !1
      if (i - r >= m * 4) {
        let t = (t) => e.posToVal(t, c.key, !0),
          n = null,
          a = null,
          l,
          u,
          d,
          f = _(o[x == 1 ? r : i]),
          p = _(o[r]),
          m = _(o[i]),
          h = t(x == 1 ? p + 1 : m - 1)
        for (let e = x == 1 ? r : i; e >= r && e <= i; e += x) {
          let r = o[e],
            i = (x == 1 ? r < h : r > h) ? f : _(r),
            c = s[e]
          i == f
            ? c == null
              ? c === null && (w = !0)
              : ((u = c), n == null ? (y(C, i, v(u)), (l = n = a = u)) : u < n ? (n = u) : u > a && (a = u))
            : (n != null && b(C, f, v(n), v(a), v(l), v(u)),
              c == null
                ? ((n = a = null), c === null && (w = !0))
                : ((u = c), y(C, i, v(u)), (n = a = l = u)),
              (f = i),
              (h = t(f + x)))
        }
        n != null && n != a && d != f && b(C, f, v(n), v(a), v(l), v(u))
      } else
        for (let e = x == 1 ? r : i; e >= r && e <= i; e += x) {
          let t = s[e]
          t === null ? (w = !0) : t != null && y(C, _(o[e]), v(t))
        }
      let [T, E] = Ys(e, n)
      if (a.fill != null || T != 0) {
        let t = (S.fill = new Path2D(C)),
          s = v(a.fillTo(e, n, a.min, a.max, T)),
          c = _(o[r]),
          l = _(o[i])
        ;(x == -1 && ([l, c] = [c, l]), y(t, l, s), y(t, c, s))
      }
      if (!a.spanGaps) {
        let l = []
        ;(w && l.push(...ec(o, s, r, i, x, _, t)),
          (S.gaps = l = a.gaps(e, n, r, i, l)),
          (S.clip = Qs(l, c.ori, f, p, m, h)))
      }
      return (
        E != 0 && (S.band = E == 2 ? [Zs(e, n, r, i, C, -1), Zs(e, n, r, i, C, 1)] : Zs(e, n, r, i, C, E)),
        S
      )
    })
}
function vc(e) {
  let t = H(e.align, 1),
    n = H(e.ascDesc, !1),
    r = H(e.alignGaps, 0),
    i = H(e.extend, !1)
  return (e, a, o, s) =>
    Js(e, a, (c, l, u, d, f, p, m, h, g, _, v) => {
      ;[o, s] = Xi(u, o, s)
      let y = c.pxRound,
        { left: b, width: x } = e.bbox,
        S = (e) => y(p(e, d, _, h)),
        C = (e) => y(m(e, f, v, g)),
        w = d.ori == 0 ? ac : oc,
        T = { stroke: new Path2D(), fill: null, clip: null, band: null, gaps: null, flags: Ks },
        E = T.stroke,
        D = d.dir * (d.ori == 0 ? 1 : -1),
        ee = C(u[D == 1 ? o : s]),
        te = S(l[D == 1 ? o : s]),
        ne = te,
        O = te
      ;(i && t == -1 && ((O = b), w(E, O, ee)), w(E, te, ee))
      for (let e = D == 1 ? o : s; e >= o && e <= s; e += D) {
        let n = u[e]
        if (n == null) continue
        let r = S(l[e]),
          i = C(n)
        ;(t == 1 ? w(E, r, ee) : w(E, ne, i), w(E, r, i), (ee = i), (ne = r))
      }
      let re = ne
      i && t == 1 && ((re = b + x), w(E, re, ee))
      let [ie, ae] = Ys(e, a)
      if (c.fill != null || ie != 0) {
        let t = (T.fill = new Path2D(E)),
          n = C(c.fillTo(e, a, c.min, c.max, ie))
        ;(w(t, re, n), w(t, O, n))
      }
      if (!c.spanGaps) {
        let i = []
        i.push(...ec(l, u, o, s, D, S, r))
        let f = (c.width * V) / 2,
          p = n || t == 1 ? f : -f,
          m = n || t == -1 ? -f : f
        ;(i.forEach((e) => {
          ;((e[0] += p), (e[1] += m))
        }),
          (T.gaps = i = c.gaps(e, a, o, s, i)),
          (T.clip = Qs(i, d.ori, h, g, _, v)))
      }
      return (
        ae != 0 && (T.band = ae == 2 ? [Zs(e, a, o, s, E, -1), Zs(e, a, o, s, E, 1)] : Zs(e, a, o, s, E, ae)),
        T
      )
    })
}
function yc(e, t, n, r, i, a, o = wa) {
  if (e.length > 1) {
    let s = null
    for (let c = 0, l = 1 / 0; c < e.length; c++)
      if (t[c] !== void 0) {
        if (s != null) {
          let t = fa(e[c] - e[s])
          t < l && ((l = t), (o = fa(n(e[c], r, i, a) - n(e[s], r, i, a))))
        }
        s = c
      }
  }
  return o
}
function bc(e) {
  e ||= Ua
  let t = H(e.size, [0.6, wa, 1]),
    n = e.align || 0,
    r = e.gap || 0,
    i = e.radius
  i = i == null ? [0, 0] : typeof i === `number` ? [i, 0] : i
  let a = U(i),
    o = 1 - t[0],
    s = H(t[1], wa),
    c = H(t[2], 1),
    l = H(e.disp, Ua),
    u = H(e.each, (e) => {}),
    { fill: d, stroke: f } = l
  return (e, t, i, p) =>
    Js(e, t, (m, h, g, _, v, y, b, x, S, C, w) => {
      let T = m.pxRound,
        E = n,
        D = r * V,
        ee = s * V,
        te = c * V,
        ne,
        O
      _.ori == 0 ? ([ne, O] = a(e, t)) : ([O, ne] = a(e, t))
      let re = _.dir * (_.ori == 0 ? 1 : -1),
        ie = _.ori == 0 ? sc : cc,
        ae =
          _.ori == 0
            ? u
            : (e, t, n, r, i, a, o) => {
                u(e, t, n, i, r, o, a)
              },
        oe = H(e.bands, Wa).find((e) => e.series[0] == t),
        se = oe == null ? 0 : oe.dir,
        ce = m.fillTo(e, t, m.min, m.max, se),
        k = T(b(ce, v, w, S)),
        A,
        j,
        le,
        ue = C,
        M = T(m.width * V),
        de = !1,
        fe = null,
        pe = null,
        me = null,
        he = null
      d != null &&
        (M == 0 || f != null) &&
        ((de = !0),
        (fe = d.values(e, t, i, p)),
        (pe = new Map()),
        new Set(fe).forEach((e) => {
          e != null && pe.set(e, new Path2D())
        }),
        M > 0 &&
          ((me = f.values(e, t, i, p)),
          (he = new Map()),
          new Set(me).forEach((e) => {
            e != null && he.set(e, new Path2D())
          })))
      let { x0: ge, size: _e } = l
      if (ge != null && _e != null) {
        ;((E = 1),
          (h = ge.values(e, t, i, p)),
          ge.unit == 2 && (h = h.map((t) => e.posToVal(x + t * C, _.key, !0))))
        let n = _e.values(e, t, i, p)
        ;((j = _e.unit == 2 ? n[0] * C : y(n[0], _, C, x) - y(0, _, C, x)),
          (ue = yc(h, g, y, _, C, x, ue)),
          (le = ue - j + D))
      } else ((ue = yc(h, g, y, _, C, x, ue)), (le = ue * o + D), (j = ue - le))
      ;(le < 1 && (le = 0), M >= j / 2 && (M = 0), le < 5 && (T = ka))
      let ve = le > 0,
        ye = ue - le - (ve ? M : 0)
      ;((j = T(Ea(ye, te, ee))),
        (A = (E == 0 ? j / 2 : E == re ? 0 : j) - E * re * ((E == 0 ? D / 2 : 0) + (ve ? M / 2 : 0))))
      let be = { stroke: null, fill: null, clip: null, band: null, gaps: null, flags: 0 },
        xe = de ? null : new Path2D(),
        Se = null
      if (oe != null) Se = e.data[oe.series[1]]
      else {
        let { y0: n, y1: r } = l
        n != null && r != null && ((g = r.values(e, t, i, p)), (Se = n.values(e, t, i, p)))
      }
      let Ce = ne * j,
        we = O * j
      for (let n = re == 1 ? i : p; n >= i && n <= p; n += re) {
        let r = g[n]
        if (r == null) continue
        if (Se != null) {
          let e = Se[n] ?? 0
          if (r - e == 0) continue
          k = b(e, v, w, S)
        }
        let i = y(_.distr != 2 || l != null ? h[n] : n, _, C, x),
          a = b(H(r, ce), v, w, S),
          o = T(i - A),
          s = T(_a(a, k)),
          c = T(ga(a, k)),
          u = s - c
        if (r != null) {
          let i = r < 0 ? we : Ce,
            a = r < 0 ? Ce : we
          ;(de
            ? (M > 0 && me[n] != null && ie(he.get(me[n]), o, c + pa(M / 2), j, _a(0, u - M), i, a),
              fe[n] != null && ie(pe.get(fe[n]), o, c + pa(M / 2), j, _a(0, u - M), i, a))
            : ie(xe, o, c + pa(M / 2), j, _a(0, u - M), i, a),
            ae(e, t, n, o - M / 2, c, j + M, u))
        }
      }
      return (
        M > 0
          ? (be.stroke = de ? he : xe)
          : de || ((be._fill = m.width == 0 ? m._fill : (m._stroke ?? m._fill)), (be.width = 0)),
        (be.fill = de ? pe : xe),
        be
      )
    })
}
function xc(e, t) {
  let n = H(t?.alignGaps, 0)
  return (t, r, i, a) =>
    Js(t, r, (o, s, c, l, u, d, f, p, m, h, g) => {
      ;[i, a] = Xi(c, i, a)
      let _ = o.pxRound,
        v = (e) => _(d(e, l, h, p)),
        y = (e) => _(f(e, u, g, m)),
        b,
        x,
        S
      l.ori == 0 ? ((b = rc), (S = ac), (x = dc)) : ((b = ic), (S = oc), (x = fc))
      let C = l.dir * (l.ori == 0 ? 1 : -1),
        w = v(s[C == 1 ? i : a]),
        T = w,
        E = [],
        D = []
      for (let e = C == 1 ? i : a; e >= i && e <= a; e += C)
        if (c[e] != null) {
          let t = s[e],
            n = v(t)
          ;(E.push((T = n)), D.push(y(c[e])))
        }
      let ee = { stroke: e(E, D, b, S, x, _), fill: null, clip: null, band: null, gaps: null, flags: Ks },
        te = ee.stroke,
        [ne, O] = Ys(t, r)
      if (o.fill != null || ne != 0) {
        let e = (ee.fill = new Path2D(te)),
          n = y(o.fillTo(t, r, o.min, o.max, ne))
        ;(S(e, T, n), S(e, w, n))
      }
      if (!o.spanGaps) {
        let e = []
        ;(e.push(...ec(s, c, i, a, C, v, n)),
          (ee.gaps = e = o.gaps(t, r, i, a, e)),
          (ee.clip = Qs(e, l.ori, p, m, h, g)))
      }
      return (
        O != 0 &&
          (ee.band = O == 2 ? [Zs(t, r, i, a, te, -1), Zs(t, r, i, a, te, 1)] : Zs(t, r, i, a, te, O)),
        ee
      )
    })
}
function Sc(e) {
  return xc(Cc, e)
}
function Cc(e, t, n, r, i, a) {
  let o = e.length
  if (o < 2) return null
  let s = new Path2D()
  if ((n(s, e[0], t[0]), o == 2)) r(s, e[1], t[1])
  else {
    let n = Array(o),
      r = Array(o - 1),
      a = Array(o - 1),
      c = Array(o - 1)
    for (let n = 0; n < o - 1; n++) ((a[n] = t[n + 1] - t[n]), (c[n] = e[n + 1] - e[n]), (r[n] = a[n] / c[n]))
    n[0] = r[0]
    for (let e = 1; e < o - 1; e++)
      r[e] === 0 || r[e - 1] === 0 || r[e - 1] > 0 != r[e] > 0
        ? (n[e] = 0)
        : ((n[e] =
            (3 * (c[e - 1] + c[e])) / ((2 * c[e] + c[e - 1]) / r[e - 1] + (c[e] + 2 * c[e - 1]) / r[e])),
          isFinite(n[e]) || (n[e] = 0))
    n[o - 1] = r[o - 2]
    for (let r = 0; r < o - 1; r++)
      i(
        s,
        e[r] + c[r] / 3,
        t[r] + (n[r] * c[r]) / 3,
        e[r + 1] - c[r] / 3,
        t[r + 1] - (n[r + 1] * c[r]) / 3,
        e[r + 1],
        t[r + 1],
      )
  }
  return s
}
var wc = new Set()
function Tc() {
  for (let e of wc) e.syncRect(!0)
}
Ti &&
  (Wi(bi, Di, Tc),
  Wi(xi, Di, Tc, !0),
  Wi(Ci, Di, () => {
    Vc.pxRatio = V
  }))
var Ec = _c(),
  Dc = pc()
function Oc(e, t, n, r) {
  return (r ? [e[0], e[1]].concat(e.slice(2)) : [e[0]].concat(e.slice(1))).map((e, r) => Ac(e, r, t, n))
}
function kc(e, t) {
  return e.map((e, n) => (n == 0 ? {} : to({}, t, e)))
}
function Ac(e, t, n, r) {
  return to({}, t == 0 ? n : r, e)
}
function jc(e, t, n) {
  return t == null ? Ga : [t, n]
}
var Mc = jc
function Nc(e, t, n) {
  return t == null ? Ga : aa(t, n, ta, !0)
}
function Pc(e, t, n, r) {
  return t == null ? Ga : $i(t, n, e.scales[r].log, !1)
}
var Fc = Pc
function Ic(e, t, n, r) {
  return t == null ? Ga : ea(t, n, e.scales[r].log, !1)
}
var Lc = Ic
function Rc(e, t, n, r, i) {
  let a = _a(Ta(e), Ta(t)),
    o = t - e,
    s = Ki((i / r) * o, n)
  do {
    let e = n[s],
      t = (r * e) / o
    if (t >= i && a + (e < 5 ? Ba.get(e) : 0) <= 17) return [e, t]
  } while (++s < n.length)
  return [0, 0]
}
function zc(e) {
  let t, n
  return ((e = e.replace(/(\d+)px/, (e, r) => (t = ma((n = +r) * V)) + `px`)), [e, t, n])
}
function Bc(e) {
  e.show &&
    [e.font, e.labelFont].forEach((e) => {
      let t = za(e[2] * V, 1)
      ;((e[0] = e[0].replace(/[0-9.]+px/, t + `px`)), (e[1] = t))
    })
}
function Vc(e, t, n) {
  let r = { mode: H(e.mode, 1) },
    i = r.mode
  function a(e, t, n, r) {
    let i = t.valToPct(e)
    return r + n * (t.dir == -1 ? 1 - i : i)
  }
  function o(e, t, n, r) {
    let i = t.valToPct(e)
    return r + n * (t.dir == -1 ? i : 1 - i)
  }
  function s(e, t, n, r) {
    return t.ori == 0 ? a(e, t, n, r) : o(e, t, n, r)
  }
  ;((r.valToPosH = a), (r.valToPosV = o))
  let c = !1
  r.status = 0
  let l = (r.root = Fi(Br))
  if ((e.id != null && (l.id = e.id), ji(l, e.class), e.title)) {
    let t = Fi(Ur, l)
    t.textContent = e.title
  }
  let u = Pi(`canvas`),
    d = (r.ctx = u.getContext(`2d`)),
    f = Fi(Wr, l)
  Wi(
    `click`,
    f,
    (e) => {
      e.target === m && (pn != ln || mn != un) && gn.click(r, e)
    },
    !0,
  )
  let p = (r.under = Fi(Gr, f))
  f.appendChild(u)
  let m = (r.over = Fi(Kr, f))
  e = eo(e)
  let h = +H(e.pxAlign, 1),
    g = tc(h)
  ;(e.plugins || []).forEach((t) => {
    t.opts && (e = t.opts(r, e) || e)
  })
  let _ = e.ms || 0.001,
    v = (r.series = i == 1 ? Oc(e.series || [], xs, Bs, !1) : kc(e.series || [null], zs)),
    y = (r.axes = Oc(e.axes || [], vs, Ps, !0)),
    b = (r.scales = {}),
    x = (r.bands = e.bands || [])
  x.forEach((e) => {
    ;((e.fill = U(e.fill || null)), (e.dir = H(e.dir, -1)))
  })
  let S = i == 2 ? v[1].facets[0].scale : v[0].scale,
    C = { axes: Kt, series: Ft },
    w = (e.drawOrder || [`axes`, `series`]).map((e) => C[e])
  function T(e) {
    let t =
      e.distr == 3
        ? (t) => ba(t > 0 ? t : e.clamp(r, t, e.min, e.max, e.key))
        : e.distr == 4
          ? (t) => Ca(t, e.asinh)
          : e.distr == 100
            ? (t) => e.fwd(t)
            : (e) => e
    return (n) => {
      let r = t(n),
        { _min: i, _max: a } = e,
        o = a - i
      return (r - i) / o
    }
  }
  function E(t) {
    let n = b[t]
    if (n == null) {
      let r = (e.scales || Ua)[t] || Ua
      if (r.from != null) {
        E(r.from)
        let e = to({}, b[r.from], r, { key: t })
        ;((e.valToPct = T(e)), (b[t] = e))
      } else {
        ;((n = b[t] = to({}, t == S ? Hs : Us, r)), (n.key = t))
        let e = n.time,
          a = n.range,
          o = Ka(a)
        if (
          (t != S || (i == 2 && !e)) &&
          (o &&
            (a[0] == null || a[1] == null) &&
            ((a = {
              min: a[0] == null ? na : { mode: 1, hard: a[0], soft: a[0] },
              max: a[1] == null ? na : { mode: 1, hard: a[1], soft: a[1] },
            }),
            (o = !1)),
          !o && Xa(a))
        ) {
          let e = a
          a = (t, n, r) => (n == null ? Ga : aa(n, r, e))
        }
        ;((n.range = U(
          a ||
            (e
              ? Mc
              : t == S
                ? n.distr == 3
                  ? Fc
                  : n.distr == 4
                    ? Lc
                    : jc
                : n.distr == 3
                  ? Pc
                  : n.distr == 4
                    ? Ic
                    : Nc),
        )),
          (n.auto = U(!o && n.auto)),
          (n.clamp = U(n.clamp || Vs)),
          (n._min = n._max = null),
          (n.valToPct = T(n)))
      }
    }
  }
  ;(E(`x`),
    E(`y`),
    i == 1 &&
      v.forEach((e) => {
        E(e.scale)
      }),
    y.forEach((e) => {
      E(e.scale)
    }))
  for (let t in e.scales) E(t)
  let D = b[S],
    ee = D.distr,
    te,
    ne
  D.ori == 0 ? (ji(l, Vr), (te = a), (ne = o)) : (ji(l, Hr), (te = o), (ne = a))
  let O = {}
  for (let e in b) {
    let t = b[e]
    ;(t.min != null || t.max != null) && ((O[e] = { min: t.min, max: t.max }), (t.min = t.max = null))
  }
  let re = e.tzDate || ((e) => new Date(ma(e / _))),
    ie = e.fmtDate || bo,
    ae = _ == 1 ? Ho(re) : Go(re),
    oe = qo(re, Ko(_ == 1 ? Vo : Wo, ie)),
    se = Qo(re, Xo(Zo, ie)),
    ce = [],
    k = (r.legend = to({}, ts, e.legend)),
    A = (r.cursor = to({}, us, { drag: { y: i == 2 } }, e.cursor)),
    j = k.show,
    le = A.show,
    ue = k.markers
  ;((k.idxs = ce),
    (ue.width = U(ue.width)),
    (ue.dash = U(ue.dash)),
    (ue.stroke = U(ue.stroke)),
    (ue.fill = U(ue.fill)))
  let M,
    de,
    fe,
    pe = [],
    me = [],
    he,
    ge = !1,
    _e = {}
  if (k.live) {
    let e = v[1] ? v[1].values : null
    ;((ge = e != null), (he = ge ? e(r, 1, 0) : { _: 0 }))
    for (let e in he) _e[e] = wi
  }
  if (j) {
    if (((M = Pi(`table`, $r, l)), (fe = Pi(`tbody`, null, M)), k.mount(r, M), ge)) {
      de = Pi(`thead`, null, M, fe)
      let e = Pi(`tr`, null, de)
      for (var ve in (Pi(`th`, null, e), he)) Pi(`th`, ii, e).textContent = ve
    } else (ji(M, ti), k.live && ji(M, ei))
  }
  let ye = { show: !0 },
    be = { show: !1 }
  function xe(e, t) {
    if (t == 0 && (ge || !k.live || i == 2)) return Ga
    let n = [],
      a = Pi(`tr`, ni, fe, fe.childNodes[t])
    ;(ji(a, e.class), e.show || ji(a, Jr))
    let o = Pi(`th`, null, a)
    if (ue.show) {
      let e = Fi(ri, o)
      if (t > 0) {
        let n = ue.width(r, t)
        ;(n && (e.style.border = n + `px ` + ue.dash(r, t) + ` ` + ue.stroke(r, t)),
          (e.style.background = ue.fill(r, t)))
      }
    }
    let s = Fi(ii, o)
    for (var c in (e.label instanceof HTMLElement ? s.appendChild(e.label) : (s.textContent = e.label),
    t > 0 &&
      (ue.show || (s.style.color = e.width > 0 ? ue.stroke(r, t) : ue.fill(r, t)),
      Ce(
        `click`,
        o,
        (t) => {
          if (A._lock) return
          Ye(t)
          let n = v.indexOf(e)
          if ((t.ctrlKey || t.metaKey) != k.isolate) {
            let e = v.some((e, t) => t > 0 && t != n && e.show)
            v.forEach((t, r) => {
              r > 0 && Cn(r, e ? (r == n ? ye : be) : ye, !0, ar.setSeries)
            })
          } else Cn(n, { show: !e.show }, !0, ar.setSeries)
        },
        !1,
      ),
      Qe &&
        Ce(
          _i,
          o,
          (t) => {
            A._lock || (Ye(t), Cn(v.indexOf(e), jn, !0, ar.setSeries))
          },
          !1,
        )),
    he)) {
      let e = Pi(`td`, ai, a)
      ;((e.textContent = `--`), n.push(e))
    }
    return [a, n]
  }
  let Se = new Map()
  function Ce(e, t, n, i = !0) {
    let a = Se.get(t) || {},
      o = A.bind[e](r, t, n, i)
    o && (Wi(e, t, (a[e] = o)), Se.set(t, a))
  }
  function we(e, t, n) {
    let r = Se.get(t) || {}
    for (let n in r) (e == null || n == e) && (Gi(n, t, r[n]), delete r[n])
    e ?? Se.delete(t)
  }
  let Te = 0,
    Ee = 0,
    N = 0,
    P = 0,
    De = 0,
    Oe = 0,
    ke = De,
    Ae = Oe,
    je = N,
    Me = P,
    Ne = 0,
    Pe = 0,
    Fe = 0,
    Ie = 0
  r.bbox = {}
  let Le = !1,
    Re = !1,
    ze = !1,
    Be = !1,
    Ve = !1,
    He = !1
  function Ue(e, t, n) {
    ;((n || e != r.width || t != r.height) && We(e, t), qt(!1), (ze = !0), (Re = !0), Qt())
  }
  function We(e, t) {
    ;((r.width = Te = N = e), (r.height = Ee = P = t), (De = Oe = 0), qe(), Je())
    let n = r.bbox
    ;((Ne = n.left = Ia(De * V, 0.5)),
      (Pe = n.top = Ia(Oe * V, 0.5)),
      (Fe = n.width = Ia(N * V, 0.5)),
      (Ie = n.height = Ia(P * V, 0.5)))
  }
  function Ge() {
    let e = !1,
      t = 0
    for (; !e;) {
      t++
      let n = Wt(t),
        i = Gt(t)
      ;((e = t == 3 || (n && i)), e || (We(r.width, r.height), (Re = !0)))
    }
  }
  function Ke({ width: e, height: t }) {
    Ue(e, t)
  }
  r.setSize = Ke
  function qe() {
    let e = !1,
      t = !1,
      n = !1,
      r = !1
    ;(y.forEach((i, a) => {
      if (i.show && i._show) {
        let { side: a, _size: o } = i,
          s = a % 2,
          c = o + (i.label == null ? 0 : i.labelSize)
        c > 0 &&
          (s
            ? ((N -= c), a == 3 ? ((De += c), (r = !0)) : (n = !0))
            : ((P -= c), a == 0 ? ((Oe += c), (e = !0)) : (t = !0)))
      }
    }),
      (st[0] = e),
      (st[1] = n),
      (st[2] = t),
      (st[3] = r),
      (N -= dt[1] + dt[3]),
      (De += dt[3]),
      (P -= dt[2] + dt[0]),
      (Oe += dt[0]))
  }
  function Je() {
    let e = De + N,
      t = Oe + P,
      n = De,
      r = Oe
    function i(i, a) {
      switch (i) {
        case 1:
          return ((e += a), e - a)
        case 2:
          return ((t += a), t - a)
        case 3:
          return ((n -= a), n + a)
        case 0:
          return ((r -= a), r + a)
      }
    }
    y.forEach((e, t) => {
      if (e.show && e._show) {
        let t = e.side
        ;((e._pos = i(t, e._size)), e.label != null && (e._lpos = i(t, e.labelSize)))
      }
    })
  }
  if (A.dataIdx == null) {
    let e = A.hover,
      n = (e.skip = new Set(e.skip ?? []))
    n.add(void 0)
    let r = (e.prox = U(e.prox)),
      i = (e.bias ??= 0)
    A.dataIdx = (e, a, o, s) => {
      if (a == 0) return o
      let c = o,
        l = r(e, a, o, s) ?? wa,
        u = l >= 0 && l < wa,
        d = D.ori == 0 ? N : P,
        f = A.left,
        p = t[0],
        m = t[a]
      if (n.has(m[o])) {
        c = null
        let e = null,
          t = null,
          r
        if (i == 0 || i == -1) for (r = o; e == null && r-- > 0;) n.has(m[r]) || (e = r)
        if (i == 0 || i == 1) for (r = o; t == null && r++ < m.length;) n.has(m[r]) || (t = r)
        if (e != null || t != null) {
          if (u) {
            let n = e == null ? -1 / 0 : te(p[e], D, d, 0),
              r = t == null ? 1 / 0 : te(p[t], D, d, 0),
              i = f - n,
              a = r - f
            i <= a ? i <= l && (c = e) : a <= l && (c = t)
          } else c = t == null ? e : e == null ? t : o - e <= t - o ? e : t
        }
      } else u && fa(f - te(p[o], D, d, 0)) > l && (c = null)
      return c
    }
  }
  let Ye = (e) => {
    A.event = e
  }
  ;((A.idxs = ce), (A._lock = !1))
  let Xe = A.points
  ;((Xe.show = U(Xe.show)),
    (Xe.size = U(Xe.size)),
    (Xe.stroke = U(Xe.stroke)),
    (Xe.width = U(Xe.width)),
    (Xe.fill = U(Xe.fill)))
  let Ze = (r.focus = to({}, e.focus || { alpha: 0.3 }, A.focus)),
    Qe = Ze.prox >= 0,
    $e = Qe && Xe.one,
    et = [],
    tt = [],
    nt = []
  function rt(e, t) {
    let n = Xe.show(r, t)
    if (n instanceof HTMLElement)
      return (ji(n, Qr), ji(n, e.class), Li(n, -10, -10, N, P), m.insertBefore(n, et[t]), n)
  }
  function it(e, t) {
    if (i == 1 || t > 0) {
      let t = i == 1 && b[e.scale].time,
        n = e.value
      ;((e.value = t ? (Ya(n) ? Qo(re, Xo(n, ie)) : n || se) : n || Ns), (e.label = e.label || (t ? bs : ys)))
    }
    if ($e || t > 0) {
      ;((e.width = e.width == null ? 1 : e.width),
        (e.paths = e.paths || Ec || ja),
        (e.fillTo = U(e.fillTo || Xs)),
        (e.pxAlign = +H(e.pxAlign, h)),
        (e.pxRound = tc(e.pxAlign)),
        (e.stroke = U(e.stroke || null)),
        (e.fill = U(e.fill || null)),
        (e._stroke = e._fill = e._paths = e._focus = null))
      let t = Fs(_a(1, e.width), 1),
        n = (e.points = to(
          {},
          {
            size: t,
            width: _a(1, t * 0.2),
            stroke: e.stroke,
            space: t * 2,
            paths: Dc,
            _stroke: null,
            _fill: null,
          },
          e.points,
        ))
      ;((n.show = U(n.show)),
        (n.filter = U(n.filter)),
        (n.fill = U(n.fill)),
        (n.stroke = U(n.stroke)),
        (n.paths = U(n.paths)),
        (n.pxAlign = e.pxAlign))
    }
    if (j) {
      let n = xe(e, t)
      ;(pe.splice(t, 0, n[0]), me.splice(t, 0, n[1]), k.values.push(null))
    }
    if (le) {
      ce.splice(t, 0, null)
      let n = null
      ;($e ? t == 0 && (n = rt(e, t)) : t > 0 && (n = rt(e, t)),
        et.splice(t, 0, n),
        tt.splice(t, 0, 0),
        nt.splice(t, 0, 0))
    }
    z(`addSeries`, t)
  }
  function at(e, t) {
    ;((t ??= v.length), (e = i == 1 ? Ac(e, t, xs, Bs) : Ac(e, t, {}, zs)), v.splice(t, 0, e), it(v[t], t))
  }
  r.addSeries = at
  function ot(e) {
    if ((v.splice(e, 1), j)) {
      ;(k.values.splice(e, 1), me.splice(e, 1))
      let t = pe.splice(e, 1)[0]
      ;(we(null, t.firstChild), t.remove())
    }
    ;(le && (ce.splice(e, 1), et.splice(e, 1)[0].remove(), tt.splice(e, 1), nt.splice(e, 1)),
      z(`delSeries`, e))
  }
  r.delSeries = ot
  let st = [!1, !1, !1, !1]
  function ct(e, t) {
    if (((e._show = e.show), e.show)) {
      let n = e.side % 2,
        i = b[e.scale]
      i ??= ((e.scale = n ? v[1].scale : S), b[e.scale])
      let a = i.time
      ;((e.size = U(e.size)),
        (e.space = U(e.space)),
        (e.rotate = U(e.rotate)),
        Ka(e.incrs) &&
          e.incrs.forEach((e) => {
            !Ba.has(e) && Ba.set(e, Va(e))
          }),
        (e.incrs = U(e.incrs || (i.distr == 2 ? Do : a ? (_ == 1 ? Bo : Uo) : Oo))),
        (e.splits = U(e.splits || (a && i.distr == 1 ? ae : i.distr == 3 ? ws : i.distr == 4 ? Ts : Cs))),
        (e.stroke = U(e.stroke)),
        (e.grid.stroke = U(e.grid.stroke)),
        (e.ticks.stroke = U(e.ticks.stroke)),
        (e.border.stroke = U(e.border.stroke)))
      let o = e.values
      ;((e.values =
        Ka(o) && !Ka(o[0]) ? U(o) : a ? (Ka(o) ? qo(re, Ko(o, ie)) : Ya(o) ? Jo(re, o) : o || oe) : o || Ss),
        (e.filter = U(e.filter || (i.distr >= 3 && i.log == 10 ? js : i.distr == 3 && i.log == 2 ? Ms : Aa))),
        (e.font = zc(e.font)),
        (e.labelFont = zc(e.labelFont)),
        (e._size = e.size(r, null, t, 0)),
        (e._space = e._rotate = e._incrs = e._found = e._splits = e._values = null),
        e._size > 0 && ((st[t] = !0), (e._el = Fi(qr, f))))
    }
  }
  function lt(e, t, n, r) {
    let [i, a, o, s] = n,
      c = t % 2,
      l = 0
    return (
      c == 0 && (s || a) && (l = (t == 0 && !i) || (t == 2 && !o) ? ma(vs.size / 3) : 0),
      c == 1 && (i || o) && (l = (t == 1 && !a) || (t == 3 && !s) ? ma(Ps.size / 2) : 0),
      l
    )
  }
  let ut = (r.padding = (e.padding || [lt, lt, lt, lt]).map((e) => U(H(e, lt)))),
    dt = (r._padding = ut.map((e, t) => e(r, t, st, 0))),
    ft,
    pt = null,
    mt = null,
    ht = i == 1 ? v[0].idxs : null,
    gt = null,
    _t = !1
  function vt(e, n) {
    if (((t = e ?? []), (r.data = r._data = t), i == 2)) {
      ft = 0
      for (let e = 1; e < v.length; e++) ft += t[e][0].length
    } else {
      ;(t.length == 0 && (r.data = r._data = t = [[]]), (gt = t[0]), (ft = gt.length))
      let e = t
      if (ee == 2) {
        e = t.slice()
        let n = (e[0] = Array(ft))
        for (let e = 0; e < ft; e++) n[e] = e
      }
      r._data = t = e
    }
    if ((qt(!0), z(`setData`), ee == 2 && (ze = !0), n !== !1)) {
      let e = D
      ;(e.auto(r, _t) ? yt() : Sn(S, e.min, e.max), (Be ||= A.left >= 0), (He = !0), Qt())
    }
  }
  r.setData = vt
  function yt() {
    _t = !0
    let e, n
    ;(i == 1 &&
      (ft > 0
        ? ((pt = ht[0] = 0),
          (mt = ht[1] = ft - 1),
          (e = t[0][pt]),
          (n = t[0][mt]),
          ee == 2
            ? ((e = pt), (n = mt))
            : e == n &&
              (ee == 3
                ? ([e, n] = $i(e, e, D.log, !1))
                : ee == 4
                  ? ([e, n] = ea(e, e, D.log, !1))
                  : D.time
                    ? (n = e + ma(86400 / _))
                    : ([e, n] = aa(e, n, ta, !0))))
        : ((pt = ht[0] = e = null), (mt = ht[1] = n = null))),
      Sn(S, e, n))
  }
  let bt, xt, St, Ct, wt, Tt, Et, Dt, Ot, kt
  function At(e, t, n, r, i, a) {
    ;((e ??= pi),
      (n ??= Wa),
      (r ??= `butt`),
      (i ??= pi),
      (a ??= `round`),
      e != bt && (d.strokeStyle = bt = e),
      i != xt && (d.fillStyle = xt = i),
      t != St && (d.lineWidth = St = t),
      a != wt && (d.lineJoin = wt = a),
      r != Tt && (d.lineCap = Tt = r),
      n != Ct && d.setLineDash((Ct = n)))
  }
  function jt(e, t, n, r) {
    ;(t != xt && (d.fillStyle = xt = t),
      e != Et && (d.font = Et = e),
      n != Dt && (d.textAlign = Dt = n),
      r != Ot && (d.textBaseline = Ot = r))
  }
  function Mt(e, t, n, i, a = 0) {
    if (i.length > 0 && e.auto(r, _t) && (t == null || t.min == null)) {
      let t = H(pt, 0),
        r = H(mt, i.length - 1),
        o = n.min == null ? Qi(i, t, r, a, e.distr == 3) : [n.min, n.max]
      ;((e.min = ga(e.min, (n.min = o[0]))), (e.max = _a(e.max, (n.max = o[1]))))
    }
  }
  let Nt = { min: null, max: null }
  function Pt() {
    for (let e in b) {
      let t = b[e]
      O[e] == null && (t.min == null || (O[S] != null && t.auto(r, _t))) && (O[e] = Nt)
    }
    for (let e in b) {
      let t = b[e]
      O[e] == null && t.from != null && O[t.from] != null && (O[e] = Nt)
    }
    O[S] != null && qt(!0)
    let e = {}
    for (let t in O) {
      let n = O[t]
      if (n != null) {
        let a = (e[t] = eo(b[t], Za))
        if (n.min != null) to(a, n)
        else if (t != S || i == 2) {
          if (ft == 0 && a.from == null) {
            let e = a.range(r, null, null, t)
            ;((a.min = e[0]), (a.max = e[1]))
          } else ((a.min = wa), (a.max = -1 / 0))
        }
      }
    }
    if (ft > 0) {
      v.forEach((n, a) => {
        if (i == 1) {
          let i = n.scale,
            o = O[i]
          if (o == null) return
          let s = e[i]
          if (a == 0) {
            let e = s.range(r, s.min, s.max, i)
            ;((s.min = e[0]),
              (s.max = e[1]),
              (pt = Ki(s.min, t[0])),
              (mt = Ki(s.max, t[0])),
              mt - pt > 1 && (t[0][pt] < s.min && pt++, t[0][mt] > s.max && mt--),
              (n.min = gt[pt]),
              (n.max = gt[mt]))
          } else n.show && n.auto && Mt(s, o, n, t[a], n.sorted)
          ;((n.idxs[0] = pt), (n.idxs[1] = mt))
        } else if (a > 0 && n.show && n.auto) {
          let [r, i] = n.facets,
            o = r.scale,
            s = i.scale,
            [c, l] = t[a],
            u = e[o],
            d = e[s]
          ;(u != null && Mt(u, O[o], r, c, r.sorted),
            d != null && Mt(d, O[s], i, l, i.sorted),
            (n.min = i.min),
            (n.max = i.max))
        }
      })
      for (let t in e) {
        let n = e[t],
          i = O[t]
        if (n.from == null && (i == null || i.min == null)) {
          let e = n.range(r, n.min == wa ? null : n.min, n.max == -1 / 0 ? null : n.max, t)
          ;((n.min = e[0]), (n.max = e[1]))
        }
      }
    }
    for (let t in e) {
      let n = e[t]
      if (n.from != null) {
        let i = e[n.from]
        if (i.min == null) n.min = n.max = null
        else {
          let e = n.range(r, i.min, i.max, t)
          ;((n.min = e[0]), (n.max = e[1]))
        }
      }
    }
    let n = {},
      a = !1
    for (let t in e) {
      let r = e[t],
        i = b[t]
      if (i.min != r.min || i.max != r.max) {
        ;((i.min = r.min), (i.max = r.max))
        let e = i.distr
        ;((i._min = e == 3 ? ba(i.min) : e == 4 ? Ca(i.min, i.asinh) : e == 100 ? i.fwd(i.min) : i.min),
          (i._max = e == 3 ? ba(i.max) : e == 4 ? Ca(i.max, i.asinh) : e == 100 ? i.fwd(i.max) : i.max),
          (n[t] = a = !0))
      }
    }
    if (a) {
      v.forEach((e, t) => {
        i == 2 ? t > 0 && n.y && (e._paths = null) : n[e.scale] && (e._paths = null)
      })
      for (let e in n) ((ze = !0), z(`setScale`, e))
      le && A.left >= 0 && (Be = He = !0)
    }
    for (let e in O) O[e] = null
  }
  function F(e) {
    let t = Ea(pt - 1, 0, ft - 1),
      n = Ea(mt + 1, 0, ft - 1)
    for (; e[t] == null && t > 0;) t--
    for (; e[n] == null && n < ft - 1;) n++
    return [t, n]
  }
  function Ft() {
    if (ft > 0) {
      let e = v.some((e) => e._focus) && kt != Ze.alpha
      ;(e && (d.globalAlpha = kt = Ze.alpha),
        v.forEach((e, n) => {
          if (n > 0 && e.show && (It(n, !1), It(n, !0), e._paths == null)) {
            let a = kt
            kt != e.alpha && (d.globalAlpha = kt = e.alpha)
            let o = i == 2 ? [0, t[n][0].length - 1] : F(t[n])
            ;((e._paths = e.paths(r, n, o[0], o[1])), kt != a && (d.globalAlpha = kt = a))
          }
        }),
        v.forEach((e, t) => {
          if (t > 0 && e.show) {
            let n = kt
            ;(kt != e.alpha && (d.globalAlpha = kt = e.alpha), e._paths != null && Lt(t, !1))
            {
              let n = e._paths == null ? null : e._paths.gaps,
                i = e.points.show(r, t, pt, mt, n),
                a = e.points.filter(r, t, i, n)
              ;(i || a) && ((e.points._paths = e.points.paths(r, t, pt, mt, a)), Lt(t, !0))
            }
            ;(kt != n && (d.globalAlpha = kt = n), z(`drawSeries`, t))
          }
        }),
        e && (d.globalAlpha = kt = 1))
    }
  }
  function It(e, t) {
    let n = t ? v[e].points : v[e]
    ;((n._stroke = n.stroke(r, e)), (n._fill = n.fill(r, e)))
  }
  function Lt(e, t) {
    let n = t ? v[e].points : v[e],
      {
        stroke: r,
        fill: i,
        clip: a,
        flags: o,
        _stroke: s = n._stroke,
        _fill: c = n._fill,
        _width: l = n.width,
      } = n._paths
    l = za(l * V, 3)
    let u = null,
      f = (l % 2) / 2
    t && c == null && (c = l > 0 ? `#fff` : s)
    let p = n.pxAlign == 1 && f > 0
    if ((p && d.translate(f, f), !t)) {
      let e = Ne - l / 2,
        t = Pe - l / 2,
        n = Fe + l,
        r = Ie + l
      ;((u = new Path2D()), u.rect(e, t, n, r))
    }
    ;(t ? zt(s, l, n.dash, n.cap, c, r, i, o, a) : Rt(e, s, l, n.dash, n.cap, c, r, i, o, u, a),
      p && d.translate(-f, -f))
  }
  function Rt(e, n, i, a, o, s, c, l, u, d, f) {
    let p = !1
    ;(u != 0 &&
      x.forEach((m, h) => {
        if (m.series[0] == e) {
          let e = v[m.series[1]],
            g = t[m.series[1]],
            _ = (e._paths || Ua).band
          Ka(_) && (_ = m.dir == 1 ? _[0] : _[1])
          let y,
            b = null
          ;(e.show && _ && oa(g, pt, mt) ? ((b = m.fill(r, h) || s), (y = e._paths.clip)) : (_ = null),
            zt(n, i, a, o, b, c, l, u, d, f, y, _),
            (p = !0))
        }
      }),
      p || zt(n, i, a, o, s, c, l, u, d, f))
  }
  function zt(e, t, n, r, i, a, o, s, c, l, u, f) {
    ;(At(e, t, n, r, i),
      (c || l || f) && (d.save(), c && d.clip(c), l && d.clip(l)),
      f
        ? (s & 3) == 3
          ? (d.clip(f), u && d.clip(u), Vt(i, o), Bt(e, a, t))
          : s & qs
            ? (Vt(i, o), d.clip(f), Bt(e, a, t))
            : s & Ks && (d.save(), d.clip(f), u && d.clip(u), Vt(i, o), d.restore(), Bt(e, a, t))
        : (Vt(i, o), Bt(e, a, t)),
      (c || l || f) && d.restore())
  }
  function Bt(e, t, n) {
    n > 0 &&
      (t instanceof Map
        ? t.forEach((e, t) => {
            ;((d.strokeStyle = bt = t), d.stroke(e))
          })
        : t != null && e && d.stroke(t))
  }
  function Vt(e, t) {
    t instanceof Map
      ? t.forEach((e, t) => {
          ;((d.fillStyle = xt = t), d.fill(e))
        })
      : t != null && e && d.fill(t)
  }
  function Ht(e, t, n, i) {
    let a = y[e],
      o
    if (i <= 0) o = [0, 0]
    else {
      let s = (a._space = a.space(r, e, t, n, i))
      o = Rc(t, n, (a._incrs = a.incrs(r, e, t, n, i, s)), i, s)
    }
    return (a._found = o)
  }
  function Ut(e, t, n, r, i, a, o, s, c, l) {
    let u = (o % 2) / 2
    ;(h == 1 && d.translate(u, u), At(s, o, c, l, s), d.beginPath())
    let f,
      p,
      m,
      g,
      _ = i + (r == 0 || r == 3 ? -a : a)
    n == 0 ? ((p = i), (g = _)) : ((f = i), (m = _))
    for (let r = 0; r < e.length; r++)
      t[r] != null && (n == 0 ? (f = m = e[r]) : (p = g = e[r]), d.moveTo(f, p), d.lineTo(m, g))
    ;(d.stroke(), h == 1 && d.translate(-u, -u))
  }
  function Wt(e) {
    let t = !0
    return (
      y.forEach((n, i) => {
        if (!n.show) return
        let a = b[n.scale]
        if (a.min == null) {
          n._show && ((t = !1), (n._show = !1), qt(!1))
          return
        }
        n._show || ((t = !1), (n._show = !0), qt(!1))
        let o = n.side,
          s = o % 2,
          { min: c, max: l } = a,
          [u, d] = Ht(i, c, l, s == 0 ? N : P)
        if (d == 0) return
        let f = a.distr == 2,
          p = (n._splits = n.splits(r, i, c, l, u, d, f)),
          m = a.distr == 2 ? p.map((e) => gt[e]) : p,
          h = a.distr == 2 ? gt[p[1]] - gt[p[0]] : u,
          g = (n._values = n.values(r, n.filter(r, m, i, d, h), i, d, h))
        n._rotate = o == 2 ? n.rotate(r, g, i, d) : 0
        let _ = n._size
        ;((n._size = ha(n.size(r, g, i, e))), _ != null && n._size != _ && (t = !1))
      }),
      t
    )
  }
  function Gt(e) {
    let t = !0
    return (
      ut.forEach((n, i) => {
        let a = n(r, i, st, e)
        ;(a != dt[i] && (t = !1), (dt[i] = a))
      }),
      t
    )
  }
  function Kt() {
    for (let e = 0; e < y.length; e++) {
      let t = y[e]
      if (!t.show || !t._show) continue
      let n = t.side,
        i = n % 2,
        a,
        o,
        c = t.stroke(r, e),
        l = n == 0 || n == 3 ? -1 : 1,
        [u, f] = t._found
      if (t.label != null) {
        let s = t.labelGap * l,
          p = ma((t._lpos + s) * V)
        ;(jt(t.labelFont[0], c, `center`, n == 2 ? ci : li),
          d.save(),
          i == 1
            ? ((a = o = 0), d.translate(p, ma(Pe + Ie / 2)), d.rotate((n == 3 ? -da : da) / 2))
            : ((a = ma(Ne + Fe / 2)), (o = p)))
        let m = Da(t.label) ? t.label(r, e, u, f) : t.label
        ;(d.fillText(m, a, o), d.restore())
      }
      if (f == 0) continue
      let p = b[t.scale],
        m = i == 0 ? Fe : Ie,
        h = i == 0 ? Ne : Pe,
        _ = t._splits,
        v = p.distr == 2 ? _.map((e) => gt[e]) : _,
        x = p.distr == 2 ? gt[_[1]] - gt[_[0]] : u,
        S = t.ticks,
        C = t.border,
        w = S.show ? S.size : 0,
        T = ma(w * V),
        E = ma((t.alignTo == 2 ? t._size - w - t.gap : t.gap) * V),
        D = (t._rotate * -da) / 180,
        ee = g(t._pos * V),
        te = ee + (T + E) * l
      ;((o = i == 0 ? te : 0), (a = i == 1 ? te : 0))
      let ne = t.font[0]
      jt(
        ne,
        c,
        t.align == 1
          ? ui
          : t.align == 2
            ? di
            : D > 0
              ? ui
              : D < 0
                ? di
                : i == 0
                  ? `center`
                  : n == 3
                    ? di
                    : ui,
        D || i == 1 ? `middle` : n == 2 ? ci : li,
      )
      let O = t.font[1] * t.lineGap,
        re = _.map((e) => g(s(e, p, m, h))),
        ie = t._values
      for (let e = 0; e < ie.length; e++) {
        let t = ie[e]
        if (t != null) {
          ;(i == 0 ? (a = re[e]) : (o = re[e]), (t = `` + t))
          let n =
            t.indexOf(`
`) == -1
              ? [t]
              : t.split(/\n/gm)
          for (let e = 0; e < n.length; e++) {
            let t = n[e]
            D
              ? (d.save(), d.translate(a, o + e * O), d.rotate(D), d.fillText(t, 0, 0), d.restore())
              : d.fillText(t, a, o + e * O)
          }
        }
      }
      S.show &&
        Ut(re, S.filter(r, v, e, f, x), i, n, ee, T, za(S.width * V, 3), S.stroke(r, e), S.dash, S.cap)
      let ae = t.grid
      ;(ae.show &&
        Ut(
          re,
          ae.filter(r, v, e, f, x),
          i,
          i == 0 ? 2 : 1,
          i == 0 ? Pe : Ne,
          i == 0 ? Ie : Fe,
          za(ae.width * V, 3),
          ae.stroke(r, e),
          ae.dash,
          ae.cap,
        ),
        C.show &&
          Ut(
            [ee],
            [1],
            +(i == 0),
            i == 0 ? 1 : 2,
            i == 1 ? Pe : Ne,
            i == 1 ? Ie : Fe,
            za(C.width * V, 3),
            C.stroke(r, e),
            C.dash,
            C.cap,
          ))
    }
    z(`drawAxes`)
  }
  function qt(e) {
    v.forEach((t, n) => {
      n > 0 &&
        ((t._paths = null),
        e &&
          (i == 1
            ? ((t.min = null), (t.max = null))
            : t.facets.forEach((e) => {
                ;((e.min = null), (e.max = null))
              })))
    })
  }
  let Jt = !1,
    Yt = !1,
    Xt = []
  function Zt() {
    Yt = !1
    for (let e = 0; e < Xt.length; e++) z(...Xt[e])
    Xt.length = 0
  }
  function Qt() {
    Jt ||= (so(en), !0)
  }
  function $t(e, t = !1) {
    ;((Jt = !0), (Yt = t), e(r), en(), t && Xt.length > 0 && queueMicrotask(Zt))
  }
  r.batch = $t
  function en() {
    if (((Le &&= (Pt(), !1)), (ze &&= (Ge(), !1)), Re)) {
      if (
        (Ni(p, ui, De),
        Ni(p, ci, Oe),
        Ni(p, oi, N),
        Ni(p, si, P),
        Ni(m, ui, De),
        Ni(m, ci, Oe),
        Ni(m, oi, N),
        Ni(m, si, P),
        Ni(f, oi, Te),
        Ni(f, si, Ee),
        (u.width = ma(Te * V)),
        (u.height = ma(Ee * V)),
        y.forEach(({ _el: e, _show: t, _size: n, _pos: r, side: i }) => {
          if (e != null) {
            if (t) {
              let t = i === 3 || i === 0 ? n : 0,
                a = i % 2 == 1
              ;(Ni(e, a ? `left` : `top`, r - t),
                Ni(e, a ? `width` : `height`, n),
                Ni(e, a ? `top` : `left`, a ? Oe : De),
                Ni(e, a ? `height` : `width`, a ? P : N),
                Mi(e, Jr))
            } else ji(e, Jr)
          }
        }),
        (bt = xt = St = wt = Tt = Et = Dt = Ot = Ct = null),
        (kt = 1),
        Un(!0),
        De != ke || Oe != Ae || N != je || P != Me)
      ) {
        qt(!1)
        let e = N / je,
          t = P / Me
        if (le && !Be && A.left >= 0) {
          ;((A.left *= e), (A.top *= t), an && Li(an, ma(A.left), 0, N, P), on && Li(on, 0, ma(A.top), N, P))
          for (let n = 0; n < et.length; n++) {
            let r = et[n]
            r != null && ((tt[n] *= e), (nt[n] *= t), Li(r, ha(tt[n]), ha(nt[n]), N, P))
          }
        }
        if (I.show && !Ve && I.left >= 0 && I.width > 0) {
          ;((I.left *= e), (I.width *= e), (I.top *= t), (I.height *= t))
          for (let e in Kn) Ni(yn, e, I[e])
        }
        ;((ke = De), (Ae = Oe), (je = N), (Me = P))
      }
      ;(z(`setSize`), (Re = !1))
    }
    ;(Te > 0 &&
      Ee > 0 &&
      (d.clearRect(0, 0, u.width, u.height), z(`drawClear`), w.forEach((e) => e()), z(`draw`)),
      I.show && Ve && (bn(I), (Ve = !1)),
      le && Be && (Vn(null, !0, !1), (Be = !1)),
      k.show && k.live && He && (zn(), (He = !1)),
      c || ((c = !0), (r.status = 1), z(`ready`)),
      (_t = !1),
      (Jt = !1))
  }
  r.redraw = (e, t) => {
    ;((ze = t || !1), e === !1 ? Qt() : Sn(S, D.min, D.max))
  }
  function tn(e, n) {
    let i = b[e]
    if (i.from == null) {
      if (ft == 0) {
        let t = i.range(r, n.min, n.max, e)
        ;((n.min = t[0]), (n.max = t[1]))
      }
      if (n.min > n.max) {
        let e = n.min
        ;((n.min = n.max), (n.max = e))
      }
      if (ft > 1 && n.min != null && n.max != null && n.max - n.min < 1e-16) return
      ;(e == S &&
        i.distr == 2 &&
        ft > 0 &&
        ((n.min = Ki(n.min, t[0])), (n.max = Ki(n.max, t[0])), n.min == n.max && n.max++),
        (O[e] = n),
        (Le = !0),
        Qt())
    }
  }
  r.setScale = tn
  let nn,
    rn,
    an,
    on,
    sn,
    cn,
    ln,
    un,
    dn,
    fn,
    pn,
    mn,
    hn = !1,
    gn = A.drag,
    _n = gn.x,
    vn = gn.y
  le &&
    (A.x && (nn = Fi(Xr, m)),
    A.y && (rn = Fi(Zr, m)),
    D.ori == 0 ? ((an = nn), (on = rn)) : ((an = rn), (on = nn)),
    (pn = A.left),
    (mn = A.top))
  let I = (r.select = to({ show: !0, over: !0, left: 0, width: 0, top: 0, height: 0 }, e.select)),
    yn = I.show ? Fi(Yr, I.over ? m : p) : null
  function bn(e, t) {
    if (I.show) {
      for (let t in e) ((I[t] = e[t]), t in Kn && Ni(yn, t, e[t]))
      t !== !1 && z(`setSelect`)
    }
  }
  r.setSelect = bn
  function xn(e) {
    if (v[e].show) j && Mi(pe[e], Jr)
    else if ((j && ji(pe[e], Jr), le)) {
      let t = $e ? et[0] : et[e]
      t != null && Li(t, -10, -10, N, P)
    }
  }
  function Sn(e, t, n) {
    tn(e, { min: t, max: n })
  }
  function Cn(e, t, n, a) {
    ;(t.focus != null && L(e),
      t.show != null &&
        v.forEach((n, r) => {
          r > 0 &&
            (e == r || e == null) &&
            ((n.show = t.show),
            xn(r),
            i == 2
              ? (Sn(n.facets[0].scale, null, null), Sn(n.facets[1].scale, null, null))
              : Sn(n.scale, null, null),
            Qt())
        }),
      n !== !1 && z(`setSeries`, e, t),
      a && cr(`setSeries`, r, e, t))
  }
  r.setSeries = Cn
  function wn(e, t) {
    to(x[e], t)
  }
  function Tn(e, t) {
    ;((e.fill = U(e.fill || null)), (e.dir = H(e.dir, -1)), (t ??= x.length), x.splice(t, 0, e))
  }
  function En(e) {
    e == null ? (x.length = 0) : x.splice(e, 1)
  }
  ;((r.addBand = Tn), (r.setBand = wn), (r.delBand = En))
  function Dn(e, t) {
    ;((v[e].alpha = t),
      le && et[e] != null && (et[e].style.opacity = t),
      j && pe[e] && (pe[e].style.opacity = t))
  }
  let On,
    kn,
    An,
    jn = { focus: !0 }
  function L(e) {
    if (e != An) {
      let t = e == null,
        n = Ze.alpha != 1
      ;(v.forEach((r, a) => {
        if (i == 1 || a > 0) {
          let i = t || a == 0 || a == e
          ;((r._focus = t ? null : i), n && Dn(a, i ? 1 : Ze.alpha))
        }
      }),
        (An = e),
        n && Qt())
    }
  }
  j &&
    Qe &&
    Ce(vi, M, (e) => {
      A._lock || (Ye(e), An != null && Cn(null, jn, !0, ar.setSeries))
    })
  function Mn(e, t, n) {
    let r = b[t]
    n && (e = e / V - (r.ori == 1 ? Oe : De))
    let i = N
    ;(r.ori == 1 && ((i = P), (e = i - e)), r.dir == -1 && (e = i - e))
    let a = r._min,
      o = r._max,
      s = e / i,
      c = a + (o - a) * s,
      l = r.distr
    return l == 3 ? va(10, c) : l == 4 ? Sa(c, r.asinh) : l == 100 ? r.bwd(c) : c
  }
  function Nn(e, n) {
    return Ki(Mn(e, S, n), t[0], pt, mt)
  }
  ;((r.valToIdx = (e) => Ki(e, t[0])),
    (r.posToIdx = Nn),
    (r.posToVal = Mn),
    (r.valToPos = (e, t, n) =>
      b[t].ori == 0 ? a(e, b[t], n ? Fe : N, n ? Ne : 0) : o(e, b[t], n ? Ie : P, n ? Pe : 0)),
    (r.setCursor = (e, t, n) => {
      ;((pn = e.left), (mn = e.top), Vn(null, t, n))
    }))
  function Pn(e, t) {
    ;(Ni(yn, ui, (I.left = e)), Ni(yn, oi, (I.width = t)))
  }
  function Fn(e, t) {
    ;(Ni(yn, ci, (I.top = e)), Ni(yn, si, (I.height = t)))
  }
  let In = D.ori == 0 ? Pn : Fn,
    Ln = D.ori == 1 ? Pn : Fn
  function Rn() {
    if (j && k.live)
      for (let e = +(i == 2); e < v.length; e++) {
        if (e == 0 && ge) continue
        let t = k.values[e],
          n = 0
        for (let r in t) me[e][n++].firstChild.nodeValue = t[r]
      }
  }
  function zn(e, t) {
    if (
      (e != null &&
        (e.idxs
          ? e.idxs.forEach((e, t) => {
              ce[t] = e
            })
          : Ja(e.idx) || ce.fill(e.idx),
        (k.idx = ce[0])),
      j && k.live)
    ) {
      for (let e = 0; e < v.length; e++) (e > 0 || (i == 1 && !ge)) && Bn(e, ce[e])
      Rn()
    }
    ;((He = !1), t !== !1 && z(`setLegend`))
  }
  r.setLegend = zn
  function Bn(e, n) {
    let i = v[e],
      a = e == 0 && ee == 2 ? gt : t[e],
      o
    ;(ge
      ? (o = i.values(r, e, n) ?? _e)
      : ((o = i.value(r, n == null ? null : a[n], e, n)), (o = o == null ? _e : { _: o })),
      (k.values[e] = o))
  }
  function Vn(e, n, a) {
    ;((dn = pn),
      (fn = mn),
      ([pn, mn] = A.move(r, pn, mn)),
      (A.left = pn),
      (A.top = mn),
      le && (an && Li(an, ma(pn), 0, N, P), on && Li(on, 0, ma(mn), N, P)))
    let o,
      s = pt > mt
    ;((On = wa), (kn = null))
    let c = D.ori == 0 ? N : P,
      l = D.ori == 1 ? N : P
    if (pn < 0 || ft == 0 || s) {
      o = A.idx = null
      for (let e = 0; e < v.length; e++) {
        let t = et[e]
        t != null && Li(t, -10, -10, N, P)
      }
      ;(Qe && Cn(null, jn, !0, e == null && ar.setSeries), k.live && (ce.fill(o), (He = !0)))
    } else {
      let e, n, a
      i == 1 &&
        ((e = D.ori == 0 ? pn : mn),
        (n = Mn(e, S)),
        (o = A.idx = Ki(n, t[0], pt, mt)),
        (a = te(t[0][o], D, c, 0)))
      let s = -10,
        u = -10,
        d = 0,
        f = 0,
        p = !0,
        m = ``,
        h = ``
      for (let e = +(i == 2); e < v.length; e++) {
        let g = v[e],
          _ = ce[e],
          y = _ == null ? null : i == 1 ? t[e][_] : t[e][1][_],
          x = A.dataIdx(r, e, o, n),
          S = x == null ? null : i == 1 ? t[e][x] : t[e][1][x]
        if (((He = He || S != y || x != _), (ce[e] = x), e > 0 && g.show)) {
          let n = x == null ? -10 : x == o ? a : te(i == 1 ? t[0][x] : t[e][0][x], D, c, 0),
            _ = S == null ? -10 : ne(S, i == 1 ? b[g.scale] : b[g.facets[1].scale], l, 0)
          if (Qe && S != null) {
            let t = D.ori == 1 ? pn : mn,
              n = fa(Ze.dist(r, e, x, _, t))
            if (n < On) {
              let r = Ze.bias
              if (r != 0) {
                let i = Mn(t, g.scale),
                  a = S >= 0 ? 1 : -1,
                  o = i >= 0 ? 1 : -1
                o == a &&
                  (o == 1 ? (r == 1 ? S >= i : S <= i) : r == 1 ? S <= i : S >= i) &&
                  ((On = n), (kn = e))
              } else ((On = n), (kn = e))
            }
          }
          if (He || $e) {
            let t, i
            D.ori == 0 ? ((t = n), (i = _)) : ((t = _), (i = n))
            let a,
              o,
              c,
              l,
              g,
              v,
              y = !0,
              b = Xe.bbox
            if (b != null) {
              y = !1
              let t = b(r, e)
              ;((c = t.left), (l = t.top), (a = t.width), (o = t.height))
            } else ((c = t), (l = i), (a = o = Xe.size(r, e)))
            if (((v = Xe.fill(r, e)), (g = Xe.stroke(r, e)), $e))
              e == kn && On <= Ze.prox && ((s = c), (u = l), (d = a), (f = o), (p = y), (m = v), (h = g))
            else {
              let t = et[e]
              t != null && ((tt[e] = c), (nt[e] = l), Vi(t, a, o, y), zi(t, v, g), Li(t, ha(c), ha(l), N, P))
            }
          }
        }
      }
      if ($e) {
        let e = Ze.prox
        if (He || (An == null ? On <= e : On > e || kn != An)) {
          let e = et[0]
          e != null && ((tt[0] = s), (nt[0] = u), Vi(e, d, f, p), zi(e, m, h), Li(e, ha(s), ha(u), N, P))
        }
      }
    }
    if (I.show && hn) {
      if (e != null) {
        let [t, n] = ar.scales,
          [r, i] = ar.match,
          [a, o] = e.cursor.sync.scales,
          s = e.cursor.drag
        if (((_n = s._x), (vn = s._y), _n || vn)) {
          let { left: s, top: u, width: d, height: f } = e.select,
            p = e.scales[a].ori,
            m = e.posToVal,
            h,
            g,
            _,
            v,
            y,
            x = t != null && r(t, a),
            S = n != null && i(n, o)
          ;(x && _n
            ? (p == 0 ? ((h = s), (g = d)) : ((h = u), (g = f)),
              (_ = b[t]),
              (v = te(m(h, a), _, c, 0)),
              (y = te(m(h + g, a), _, c, 0)),
              In(ga(v, y), fa(y - v)))
            : In(0, c),
            S && vn
              ? (p == 1 ? ((h = s), (g = d)) : ((h = u), (g = f)),
                (_ = b[n]),
                (v = ne(m(h, o), _, l, 0)),
                (y = ne(m(h + g, o), _, l, 0)),
                Ln(ga(v, y), fa(y - v)))
              : Ln(0, l))
        } else qn()
      } else {
        let e = fa(dn - sn),
          t = fa(fn - cn)
        if (D.ori == 1) {
          let n = e
          ;((e = t), (t = n))
        }
        ;((_n = gn.x && e >= gn.dist), (vn = gn.y && t >= gn.dist))
        let n = gn.uni
        n == null
          ? gn.x && gn.y && (_n || vn) && (_n = vn = !0)
          : _n && vn && ((_n = e >= n), (vn = t >= n), !_n && !vn && (t > e ? (vn = !0) : (_n = !0)))
        let r, i
        ;(_n &&
          (D.ori == 0 ? ((r = ln), (i = pn)) : ((r = un), (i = mn)), In(ga(r, i), fa(i - r)), vn || Ln(0, l)),
          vn &&
            (D.ori == 1 ? ((r = ln), (i = pn)) : ((r = un), (i = mn)),
            Ln(ga(r, i), fa(i - r)),
            _n || In(0, c)),
          !_n && !vn && (In(0, 0), Ln(0, 0)))
      }
    }
    if (((gn._x = _n), (gn._y = vn), e == null)) {
      if (a) {
        if (or != null) {
          let [e, t] = ar.scales
          ;((ar.values[0] = e == null ? null : Mn(D.ori == 0 ? pn : mn, e)),
            (ar.values[1] = t == null ? null : Mn(D.ori == 1 ? pn : mn, t)))
        }
        cr(mi, r, pn, mn, N, P, o)
      }
      if (Qe) {
        let e = a && ar.setSeries,
          t = Ze.prox
        An == null
          ? On <= t && Cn(kn, jn, !0, e)
          : On > t
            ? Cn(null, jn, !0, e)
            : kn != An && Cn(kn, jn, !0, e)
      }
    }
    ;(He && ((k.idx = o), zn()), n !== !1 && z(`setCursor`))
  }
  let Hn = null
  Object.defineProperty(r, 'rect', {
    get() {
      return (Hn ?? Un(!1), Hn)
    },
  })
  function Un(e = !1) {
    e ? (Hn = null) : ((Hn = m.getBoundingClientRect()), z(`syncRect`, Hn))
  }
  function Wn(e, t, n, r, i, a, o) {
    A._lock ||
      (hn && e != null && e.movementX == 0 && e.movementY == 0) ||
      (Gn(e, t, n, r, i, a, o, !1, e != null), e == null ? Vn(t, !0, !1) : Vn(null, !0, !0))
  }
  function Gn(e, t, n, i, a, o, c, l, u) {
    if ((Hn ?? Un(!1), Ye(e), e != null)) ((n = e.clientX - Hn.left), (i = e.clientY - Hn.top))
    else {
      if (n < 0 || i < 0) {
        ;((pn = -10), (mn = -10))
        return
      }
      let [e, r] = ar.scales,
        c = t.cursor.sync,
        [l, u] = c.values,
        [d, f] = c.scales,
        [p, m] = ar.match,
        h = t.axes[0].side % 2 == 1,
        g = D.ori == 0 ? N : P,
        _ = D.ori == 1 ? N : P,
        v = h ? o : a,
        y = h ? a : o,
        x = h ? i : n,
        S = h ? n : i
      if (
        ((n = d == null ? (x / v) * g : p(e, d) ? s(l, b[e], g, 0) : -10),
        (i = f == null ? (S / y) * _ : m(r, f) ? s(u, b[r], _, 0) : -10),
        D.ori == 1)
      ) {
        let e = n
        ;((n = i), (i = e))
      }
    }
    ;(u &&
      (t == null || t.cursor.event.type == mi) &&
      ((n <= 1 || n >= N - 1) && (n = Ia(n, N)), (i <= 1 || i >= P - 1) && (i = Ia(i, P))),
      l ? ((sn = n), (cn = i), ([ln, un] = A.move(r, n, i))) : ((pn = n), (mn = i)))
  }
  let Kn = { width: 0, height: 0, left: 0, top: 0 }
  function qn() {
    bn(Kn, !1)
  }
  let Jn, Yn, Xn, Zn
  function Qn(e, t, n, i, a, o, s) {
    ;((hn = !0),
      (_n = vn = gn._x = gn._y = !1),
      Gn(e, t, n, i, a, o, s, !0, !1),
      e != null && (Ce(gi, Ei, $n, !1), cr(hi, r, ln, un, N, P, null)))
    let { left: c, top: l, width: u, height: d } = I
    ;((Jn = c), (Yn = l), (Xn = u), (Zn = d))
  }
  function $n(e, t, n, i, a, o, s) {
    ;((hn = gn._x = gn._y = !1), Gn(e, t, n, i, a, o, s, !1, !0))
    let { left: c, top: l, width: u, height: d } = I,
      f = u > 0 || d > 0,
      p = Jn != c || Yn != l || Xn != u || Zn != d
    if ((f && p && bn(I), gn.setScale && f && p)) {
      let e = c,
        t = u,
        n = l,
        r = d
      if ((D.ori == 1 && ((e = l), (t = d), (n = c), (r = u)), _n && Sn(S, Mn(e, S), Mn(e + t, S)), vn))
        for (let e in b) {
          let t = b[e]
          e != S && t.from == null && t.min != wa && Sn(e, Mn(n + r, e), Mn(n, e))
        }
      qn()
    } else A.lock && ((A._lock = !A._lock), Vn(t, !0, e != null))
    e != null && (we(gi, Ei), cr(gi, r, pn, mn, N, P, null))
  }
  function er(e, t, n, r, i, a, o) {
    if (A._lock) return
    Ye(e)
    let s = hn
    if (hn) {
      let e = !0,
        t = !0,
        n,
        r
      ;(D.ori == 0 ? ((n = _n), (r = vn)) : ((n = vn), (r = _n)),
        n && r && ((e = pn <= 10 || pn >= N - 10), (t = mn <= 10 || mn >= P - 10)),
        n && e && (pn = pn < ln ? 0 : N),
        r && t && (mn = mn < un ? 0 : P),
        Vn(null, !0, !0),
        (hn = !1))
    }
    ;((pn = -10), (mn = -10), ce.fill(null), Vn(null, !0, !0), s && (hn = s))
  }
  function tr(e, t, n, i, a, o, s) {
    A._lock || (Ye(e), yt(), qn(), e != null && cr(yi, r, pn, mn, N, P, null))
  }
  function nr() {
    ;(y.forEach(Bc), Ue(r.width, r.height, !0))
  }
  Wi(Ci, Di, nr)
  let rr = {}
  ;((rr.mousedown = Qn),
    (rr.mousemove = Wn),
    (rr.mouseup = $n),
    (rr.dblclick = tr),
    (rr.setSeries = (e, t, n, i) => {
      let a = ar.match[2]
      ;((n = a(r, t, n)), n != -1 && Cn(n, i, !0, !1))
    }),
    le &&
      (Ce(hi, m, Qn),
      Ce(mi, m, Wn),
      Ce(_i, m, (e) => {
        ;(Ye(e), Un(!1))
      }),
      Ce(vi, m, er),
      Ce(yi, m, tr),
      wc.add(r),
      (r.syncRect = Un)))
  let R = (r.hooks = e.hooks || {})
  function z(e, t, n) {
    Yt
      ? Xt.push([e, t, n])
      : e in R &&
        R[e].forEach((e) => {
          e.call(null, r, t, n)
        })
  }
  ;(e.plugins || []).forEach((e) => {
    for (let t in e.hooks) R[t] = (R[t] || []).concat(e.hooks[t])
  })
  let ir = (e, t, n) => n,
    ar = to(
      {
        key: null,
        setSeries: !1,
        filters: { pub: Ma, sub: Ma },
        scales: [S, v[1] ? v[1].scale : null],
        match: [Na, Na, ir],
        values: [null, null],
      },
      A.sync,
    )
  ;(ar.match.length == 2 && ar.match.push(ir), (A.sync = ar))
  let or = ar.key,
    sr = Gs(or)
  function cr(e, t, n, r, i, a, o) {
    ar.filters.pub(e, t, n, r, i, a, o) && sr.pub(e, t, n, r, i, a, o)
  }
  sr.sub(r)
  function lr(e, t, n, r, i, a, o) {
    ar.filters.sub(e, t, n, r, i, a, o) && rr[e](null, t, n, r, i, a, o)
  }
  r.pub = lr
  function ur() {
    ;(sr.unsub(r), wc.delete(r), Se.clear(), Gi(Ci, Di, nr), l.remove(), M?.remove(), z(`destroy`))
  }
  r.destroy = ur
  function dr() {
    ;(z(`init`, e, t),
      vt(t || e.data, !1),
      O[S] ? tn(S, O[S]) : yt(),
      (Ve = I.show && (I.width > 0 || I.height > 0)),
      (Be = He = !0),
      Ue(e.width, e.height))
  }
  return (
    v.forEach(it),
    y.forEach(ct),
    n ? (n instanceof HTMLElement ? (n.appendChild(l), dr()) : n(r, dr)) : dr(),
    r
  )
}
;((Vc.assign = to),
  (Vc.fmtNum = la),
  (Vc.rangeNum = aa),
  (Vc.rangeLog = $i),
  (Vc.rangeAsinh = ea),
  (Vc.orient = Js),
  (Vc.pxRatio = V),
  (Vc.join = oo),
  (Vc.fmtDate = bo),
  (Vc.tzDate = So),
  (Vc.sync = Gs))
{
  ;((Vc.addGap = $s), (Vc.clipGaps = Qs))
  let e = (Vc.paths = { points: pc })
  ;((e.linear = _c), (e.stepped = vc), (e.bars = bc), (e.spline = Sc))
}
var Hc = ({ min: e, max: t }) => e !== void 0 && t !== void 0,
  Uc = ({ at: e, mean: t, min: n, max: r }) => (n && r ? [e, t, r, n] : [e, t])
function Wc(e, t, n) {
  let {
      height: r,
      width: i,
      colourIndex: a,
      small: o,
      syncKey: s,
      decoration: c,
      bounds: l,
      onCursor: u,
      onSelect: d,
    } = n,
    f = Hc(t),
    p = { stroke: `transparent`, width: 0, points: { show: !1 } },
    m = () => Rr(`series-${a}`),
    h = { stroke: () => Rr(`muted`), font: `11px system-ui, sans-serif`, ticks: { show: !1 } },
    g = { stroke: () => Rr(`grid`), width: 1 }
  return new Vc(
    {
      width: i,
      height: r,
      ms: 1,
      tzDate: Gc,
      legend: { show: !1 },
      padding: o ? [4, 0, 4, 0] : [8, 8, 0, 0],
      cursor: {
        drag: { x: d !== void 0, y: !1, setScale: !1 },
        y: !1,
        points: { size: 6, width: 1.5 },
        ...(s !== void 0 && { sync: { key: s } }),
      },
      scales: {
        x: { time: !0, range: () => [l().from, l().to] },
        y: { range: (e, t, n) => qc(t, n, c().limits) },
      },
      axes: [
        { ...h, grid: g, show: !o, size: 26, space: 74, values: (e, t) => Kc(t) },
        { ...h, grid: g, show: !o, size: 48, space: 28 },
      ],
      series: [{}, { stroke: m, width: 1.5, points: { show: !1 }, spanGaps: !1 }, ...(f ? [p, p] : [])],
      ...(f && { bands: [{ series: [2, 3], fill: () => Yc(m(), 0.22) }] }),
      hooks: {
        drawClear: [(e) => Xc(e, c())],
        draw: [(e) => Zc(e, c())],
        setCursor: [(e) => u(e.cursor.idx ?? null)],
        setSelect: [
          (e) => {
            let { left: t, width: n } = e.select
            n < 4 ||
              (e.setSelect({ left: 0, top: 0, width: 0, height: 0 }, !1),
              d?.(e.posToVal(t, `x`), e.posToVal(t + n, `x`)))
          },
        ],
      },
    },
    Uc(t),
    e,
  )
}
var Gc = (e) => (Bn() === `UTC` ? Vc.tzDate(new Date(e), `Etc/UTC`) : new Date(e))
function Kc(e) {
  let t = (e[1] ?? 0) - (e[0] ?? 0)
  return e.map((n, r) => Qn(n, t, e[r - 1]))
}
function qc(e, t, n) {
  if (e === null || t === null) return [0, 1]
  let [r, i] = [e, t],
    a = Math.max(i - r, Math.abs(i) * 0.02, 1e-9)
  ;(n?.low !== void 0 && n.low < r && r - n.low < a && (r = n.low),
    n?.high !== void 0 && n.high > i && n.high - i < a && (i = n.high))
  let o = Math.max((i - r) * 0.12, Math.abs(i) * 0.005, 1e-9)
  return [r - o, i + o]
}
var Jc = new Map()
function Yc(e, t) {
  let n = e + t,
    r = Jc.get(n)
  if (r === void 0) {
    let i = Number.parseInt(e.slice(1), 16)
    ;((r = `rgba(${i >> 16}, ${(i >> 8) & 255}, ${i & 255}, ${t})`), Jc.set(n, r))
  }
  return r
}
function Xc(e, { spans: t = [], expected: n = [] }) {
  let { ctx: r, bbox: i } = e,
    a = (t) => Math.min(Math.max(e.valToPos(t, `x`, !0), i.left), i.left + i.width),
    o = (t, n) => (t === void 0 ? n : Math.min(Math.max(e.valToPos(t, `y`, !0), i.top), i.top + i.height))
  r.save()
  for (let { from: e, to: t, low: s, high: c } of n) {
    let n = o(c, i.top)
    ;((r.fillStyle = Yc(Rr(`good`), 0.14)),
      r.fillRect(a(e), n, Math.max(2, a(t) - a(e)), o(s, i.top + i.height) - n))
  }
  for (let { from: e, to: n, severity: o } of t) {
    let t = a(e)
    ;((r.fillStyle = Yc(Rr(o), 0.16)),
      r.fillRect(t, i.top, Math.max(2, a(n) - t), i.height),
      (r.fillStyle = Rr(o)),
      r.fillRect(t, i.top, Math.max(2, a(n) - t), 3 * devicePixelRatio))
  }
  r.restore()
}
function Zc(e, { limits: t = {}, marks: n = [] }) {
  let { ctx: r, bbox: i } = e
  ;(r.save(),
    r.beginPath(),
    r.rect(i.left, i.top, i.width, i.height),
    r.clip(),
    (r.strokeStyle = Rr(`muted`)),
    (r.lineWidth = devicePixelRatio),
    r.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]))
  for (let n of [t.low, t.high]) {
    if (n === void 0) continue
    let t = e.valToPos(n, `y`, !0)
    ;(r.beginPath(), r.moveTo(i.left, t), r.lineTo(i.left + i.width, t), r.stroke())
  }
  ;(r.setLineDash([]), (r.strokeStyle = Rr(`major`)), (r.lineWidth = 2 * devicePixelRatio))
  let a = 4.5 * devicePixelRatio
  for (let { at: t, value: i } of n) {
    let [n, o] = [e.valToPos(t, `x`, !0), e.valToPos(i, `y`, !0)]
    ;(r.beginPath(),
      r.moveTo(n, o - a),
      r.lineTo(n + a, o),
      r.lineTo(n, o + a),
      r.lineTo(n - a, o),
      r.closePath(),
      r.stroke())
  }
  r.restore()
}
var Qc = `/work/main/dashboard/src/chart/time-chart.tsx`,
  $c = {}
function el(e) {
  let {
      title: t,
      sub: n,
      unit: r,
      points: i,
      bounds: a,
      decoration: o = $c,
      height: s = 180,
      colourIndex: c = 1,
      small: l = !1,
    } = e,
    u = ke(null),
    d = ke(null),
    f = ke({ props: e, decoration: o })
  f.current = { props: e, decoration: o }
  let [p, m] = N(null),
    h = e.onSelect !== void 0,
    g = Hc(i),
    _ = Pr.value
  ;(Oe(() => {
    let t = u.current
    if (!t) return
    let n = Wc(t, f.current.props.points, {
      height: s,
      width: t.clientWidth || 300,
      colourIndex: c,
      small: l,
      ...(e.syncKey !== void 0 && { syncKey: e.syncKey }),
      decoration: () => f.current.decoration,
      bounds: () => f.current.props.bounds,
      onCursor: m,
      onSelect: h ? (e, t) => f.current.props.onSelect?.(e, t) : void 0,
    })
    d.current = n
    let r = new ResizeObserver(() => n.setSize({ width: t.clientWidth || 300, height: s }))
    return (
      r.observe(t),
      () => {
        ;(r.disconnect(), n.destroy(), (d.current = null))
      }
    )
  }, [s, c, l, h, g, _]),
    Oe(() => {
      d.current?.setData(Uc(i))
    }, [i, a.from, a.to, o]))
  let { value: v, note: y } = tl(e, p),
    b = L(
      `header`,
      {
        children: [
          L(
            `h3`,
            { title: t, children: t },
            void 0,
            !1,
            { fileName: Qc, lineNumber: 81, columnNumber: 7 },
            this,
          ),
          n !== void 0 &&
            L(
              `span`,
              { class: `sub`, children: n },
              void 0,
              !1,
              { fileName: Qc, lineNumber: 82, columnNumber: 29 },
              this,
            ),
          L(
            `span`,
            {
              class: `readout`,
              children: [
                y !== `` &&
                  L(
                    `small`,
                    { children: [y, ` `] },
                    void 0,
                    !0,
                    { fileName: Qc, lineNumber: 84, columnNumber: 25 },
                    this,
                  ),
                L(
                  `b`,
                  { children: R(v) },
                  void 0,
                  !1,
                  { fileName: Qc, lineNumber: 85, columnNumber: 9 },
                  this,
                ),
                ` `,
                L(
                  `small`,
                  { children: sr(r) },
                  void 0,
                  !1,
                  { fileName: Qc, lineNumber: 85, columnNumber: 32 },
                  this,
                ),
              ],
            },
            void 0,
            !0,
            { fileName: Qc, lineNumber: 83, columnNumber: 7 },
            this,
          ),
        ],
      },
      void 0,
      !0,
      { fileName: Qc, lineNumber: 80, columnNumber: 5 },
      this,
    ),
    x = L(
      `div`,
      {
        ref: u,
        class: `plot`,
        style: { height: `${s}px` },
        ...(h
          ? {
              tabIndex: 0,
              role: `application`,
              'aria-label': `Chart of ${t}: ${R(v)} ${sr(r)}. Arrow keys move through time, plus and minus zoom.`,
              onKeyDown: (t) => nl(t, e),
              onWheel: (t) => rl(t, e),
            }
          : { role: `img`, 'aria-label': `${t}: ${R(v)} ${sr(r)}` }),
        children:
          i.at.length === 0 &&
          L(
            `span`,
            { class: `nothing`, children: `No data in this range` },
            void 0,
            !1,
            { fileName: Qc, lineNumber: 104, columnNumber: 34 },
            this,
          ),
      },
      void 0,
      !1,
      { fileName: Qc, lineNumber: 90, columnNumber: 5 },
      this,
    ),
    S = l ? `chart small` : `chart`
  return e.href === void 0
    ? L(
        `div`,
        { class: S, children: [b, x] },
        void 0,
        !0,
        { fileName: Qc, lineNumber: 109, columnNumber: 5 },
        this,
      )
    : L(
        `a`,
        { class: S, href: e.href, children: [b, x] },
        void 0,
        !0,
        { fileName: Qc, lineNumber: 114, columnNumber: 5 },
        this,
      )
}
function tl({ points: e, headline: t }, n) {
  let r = n === null ? void 0 : e.at[n]
  return n !== null && r !== void 0
    ? { value: e.mean[n] ?? null, note: Yn(r) }
    : (t ?? { value: e.mean.at(-1) ?? null, note: `` })
}
function nl(e, { onPan: t, onZoom: n }) {
  let r = {
    ArrowLeft: () => t?.(-0.25),
    ArrowRight: () => t?.(0.25),
    '+': () => n?.(0.5),
    '=': () => n?.(0.5),
    '-': () => n?.(2),
  }[e.key]
  r && (e.preventDefault(), r())
}
function rl(e, { onPan: t, onZoom: n }) {
  e.ctrlKey || e.shiftKey
    ? (e.preventDefault(), n?.((e.deltaY || e.deltaX) > 0 ? 1.25 : 0.8))
    : Math.abs(e.deltaX) > Math.abs(e.deltaY) + 4 && (e.preventDefault(), t?.(Math.sign(e.deltaX) * 0.08))
}
var il = 9e5,
  al = 6912e5,
  ol = 24
async function sl(e, t) {
  let { from: n, to: r, measures: i, thing: a } = e,
    o = r - n
  if (o > al)
    throw new wt(
      `range_too_long`,
      0,
      `the range is too long`,
      `this installation answers at most 8 days at a time`,
    )
  let s = o <= il,
    c = new Map()
  return (
    await Promise.all(
      i.map(async (e) => {
        let i = It(`/v1/devices/${Lt(a)}/${s ? `readings` : `windows`}`, {
            measures: e,
            from: Math.floor(n),
            to: Math.ceil(r),
            limit: 1e3,
          }),
          o = s ? ll(await cl(i, t)) : ul(await cl(i, t))
        c.set(e, o)
      }),
    ),
    { series: c, used: s ? `readings` : `1 min windows` }
  )
}
async function cl(e, t) {
  let n = [],
    r = e
  for (let e = 0; r !== null && e < ol; e++) {
    let e = await F(r, { signal: t })
    ;(n.push(...e.items), (r = e.next))
  }
  return n
}
function ll(e) {
  let t = e.filter(({ value: e }) => e !== null)
  return { at: t.map(({ at: e }) => e), mean: t.map(({ value: e }) => e) }
}
function ul(e) {
  let t = [],
    [n, r, i] = [[], [], []]
  for (let a of e) {
    let e = t.at(-1)
    ;(e !== void 0 && a.at - e > 15e4 && (t.push(e + 6e4), n?.push(null), r?.push(null), i?.push(null)),
      t.push(a.at + 3e4),
      n?.push(a.mean),
      r?.push(a.min),
      i?.push(a.max))
  }
  return { at: t, mean: n ?? [], min: r ?? [], max: i ?? [] }
}
var dl = !0
async function fl(e, t) {
  let { thing: n, measures: r, from: i, to: a, points: o } = e
  if (r.length === 0) return { series: new Map(), used: `` }
  if (!dl) return sl(e, t)
  let s = It(`/v1/series`, {
    things: n,
    measures: r.join(`,`),
    from: Math.floor(i),
    to: Math.ceil(a),
    points: o,
  })
  try {
    let e = await F(s, { signal: t })
    return { series: new Map(e.series.map((t) => [t.measure, pl(t, e.stepMs)])), used: ml(e) }
  } catch (n) {
    let { code: r } = Dt(n)
    if (r !== `no_history` && r !== `no_such_path`) throw n
    return ((dl = !1), sl(e, t))
  }
}
function pl({ at: e, value: t, mean: n, min: r, max: i }, a) {
  if (a === null || !n) return { at: e, mean: t ?? n ?? [] }
  let o = { at: [], mean: [], min: [], max: [] }
  for (let [t, s] of e.entries()) {
    let c = e[t - 1]
    if (c !== void 0 && s - c > 2.5 * a) {
      o.at.push(c + 1.5 * a)
      for (let e of [o.mean, o.min, o.max]) e.push(null)
    }
    ;(o.at.push(s + a / 2), o.mean.push(n[t] ?? null), o.min.push(r?.[t] ?? null), o.max.push(i?.[t] ?? null))
  }
  return o
}
function ml({ resolution: e, stepMs: t, tiersUsed: n, complete: r }) {
  return `${t === null ? (e === `raw` ? `readings` : `windows`) : `${er(t)} windows`}${n.some((e) => e !== `hot`) ? `, ${n.join(` and `)} storage` : ``}${r ? `` : `; a part has expired or is damaged`}`
}
var hl = `/work/main/dashboard/src/ui/table.tsx`
function gl(e) {
  let { label: t, items: n, keyOf: r, columns: i, rowClass: a } = e,
    o = ({ numeric: e, minor: t }) => `${e === !0 ? `numeric` : ``} ${t === !0 ? `minor` : ``}`
  return L(
    `div`,
    {
      class: `table`,
      tabIndex: 0,
      role: `region`,
      'aria-label': t,
      children: L(
        `table`,
        {
          children: [
            L(
              `thead`,
              {
                children: L(
                  `tr`,
                  {
                    children: i.map((e) =>
                      L(
                        `th`,
                        { scope: `col`, class: o(e), children: e.title },
                        e.title,
                        !1,
                        { fileName: hl, lineNumber: 29, columnNumber: 15 },
                        this,
                      ),
                    ),
                  },
                  void 0,
                  !1,
                  { fileName: hl, lineNumber: 27, columnNumber: 11 },
                  this,
                ),
              },
              void 0,
              !1,
              { fileName: hl, lineNumber: 26, columnNumber: 9 },
              this,
            ),
            L(
              `tbody`,
              {
                children: n.map((e) =>
                  L(
                    `tr`,
                    {
                      class: a?.(e),
                      children: i.map((t) =>
                        L(
                          `td`,
                          { class: o(t), children: t.cell(e) },
                          t.title,
                          !1,
                          { fileName: hl, lineNumber: 39, columnNumber: 17 },
                          this,
                        ),
                      ),
                    },
                    r(e),
                    !1,
                    { fileName: hl, lineNumber: 37, columnNumber: 13 },
                    this,
                  ),
                ),
              },
              void 0,
              !1,
              { fileName: hl, lineNumber: 35, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: hl, lineNumber: 25, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: hl, lineNumber: 24, columnNumber: 5 },
    this,
  )
}
var _l = `/work/main/dashboard/src/alarms/alarm-table.tsx`,
  vl = {
    unackActive: `active, not acknowledged`,
    ackActive: `active, acknowledged`,
    unackCleared: `cleared, not acknowledged`,
    normal: `cleared`,
  },
  yl = {
    unackActive: `not acknowledged`,
    ackActive: `acknowledged`,
    unackCleared: `cleared, not acknowledged`,
    normal: `cleared`,
  }
function bl(e) {
  let { alarms: t, selected: n, onAcknowledge: r } = e
  return L(
    gl,
    {
      label: `Alarms`,
      items: t,
      keyOf: ({ id: e }) => e,
      rowClass: (e) => `${e.id === n ? `selected` : ``} ${bn(e) ? `waiting` : ``}`,
      columns: [
        {
          title: `Severity`,
          cell: ({ severity: e }) =>
            L(mr, { severity: e }, void 0, !1, { fileName: _l, lineNumber: 37, columnNumber: 54 }, this),
        },
        {
          title: `Device`,
          cell: ({ thing: e, raisedAt: t }) =>
            L(
              `a`,
              { class: `nowrap`, href: Dr([`device`, e], xl(t)), children: e },
              void 0,
              !1,
              { fileName: _l, lineNumber: 41, columnNumber: 13 },
              this,
            ),
        },
        {
          title: `What`,
          cell: (e) =>
            L(
              `a`,
              { href: Dr([`alarms`, e.id]), title: dr(e.key), children: cr(e.why.text) },
              void 0,
              !1,
              { fileName: _l, lineNumber: 49, columnNumber: 13 },
              this,
            ),
        },
        { title: `State`, cell: ({ state: e }) => yl[e], minor: !0 },
        {
          title: `Raised`,
          cell: ({ raisedAt: e }) =>
            L(
              `span`,
              {
                title: Yn(e),
                children: L(
                  vr,
                  { at: e },
                  void 0,
                  !1,
                  { fileName: _l, lineNumber: 55, columnNumber: 83 },
                  this,
                ),
              },
              void 0,
              !1,
              { fileName: _l, lineNumber: 55, columnNumber: 52 },
              this,
            ),
          numeric: !0,
        },
        ...(r
          ? [
              {
                title: `Acknowledge`,
                cell: (e) =>
                  bn(e)
                    ? L(
                        `button`,
                        {
                          type: `button`,
                          class: `small`,
                          'aria-label': `Acknowledge ${cr(e.why.text)} of ${e.thing}`,
                          onClick: () => r(e),
                          children: `Acknowledge`,
                        },
                        void 0,
                        !1,
                        { fileName: _l, lineNumber: 62, columnNumber: 21 },
                        this,
                      )
                    : L(
                        `span`,
                        { class: `muted`, children: e.acknowledgedBy ?? `` },
                        void 0,
                        !1,
                        { fileName: _l, lineNumber: 71, columnNumber: 21 },
                        this,
                      ),
              },
            ]
          : []),
      ],
    },
    void 0,
    !1,
    { fileName: _l, lineNumber: 29, columnNumber: 5 },
    this,
  )
}
var xl = (e) => (Date.now() - e < 54e4 ? {} : { from: String(e - 3e5), to: String(e + 3e5) }),
  G = `/work/main/dashboard/src/alarms/alarm-detail.tsx`
function Sl(e) {
  let { id: t, version: n, onAcknowledge: r } = e,
    {
      data: i,
      problem: a,
      reload: o,
    } = kn(
      t,
      async (e) => {
        let n = `/v1/alarms/${Lt(t)}`,
          [r, i] = await Promise.all([F(n, { signal: e }), F(`${n}/history?limit=50`, { signal: e })])
        return { alarm: r, history: i.items }
      },
      void 0,
      n,
    )
  if (a)
    return L(
      yr,
      { problem: a, onRetry: o },
      void 0,
      !1,
      { fileName: G, lineNumber: 30, columnNumber: 23 },
      this,
    )
  if (!i)
    return L(
      B,
      {
        title: `Why`,
        children: L(Sr, { lines: 8 }, void 0, !1, { fileName: G, lineNumber: 34, columnNumber: 9 }, this),
      },
      void 0,
      !1,
      { fileName: G, lineNumber: 33, columnNumber: 7 },
      this,
    )
  let { alarm: s, history: c } = i,
    { why: l } = s
  return L(
    `div`,
    {
      class: `stack`,
      children: [
        L(
          B,
          {
            title: `Why`,
            actions: L(
              `a`,
              { href: `#/alarms`, 'aria-label': `Close the details`, children: `✕` },
              void 0,
              !1,
              { fileName: G, lineNumber: 44, columnNumber: 11 },
              this,
            ),
            children: L(
              `div`,
              {
                class: `body stack`,
                children: [
                  L(
                    `p`,
                    {
                      children: [
                        L(
                          mr,
                          { severity: s.severity },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 51, columnNumber: 13 },
                          this,
                        ),
                        ` `,
                        L(
                          `b`,
                          { children: cr(l.text) },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 51, columnNumber: 56 },
                          this,
                        ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: G, lineNumber: 50, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dl`,
                    {
                      class: `facts`,
                      children: [
                        L(
                          `dt`,
                          { children: `Device` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 54, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          {
                            children: L(
                              `a`,
                              { href: Dr([`device`, s.thing]), children: s.thing },
                              void 0,
                              !1,
                              { fileName: G, lineNumber: 56, columnNumber: 15 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 55, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `State` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 58, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: vl[s.state] },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 59, columnNumber: 13 },
                          this,
                        ),
                        l.observed !== void 0 &&
                          L(
                            x,
                            {
                              children: [
                                L(
                                  `dt`,
                                  { children: `Observed` },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 62, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `dd`,
                                  {
                                    children: [
                                      typeof l.observed === `number` ? R(l.observed) : l.observed,
                                      ` `,
                                      sr(l.unit),
                                    ],
                                  },
                                  void 0,
                                  !0,
                                  { fileName: G, lineNumber: 63, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: G, lineNumber: 61, columnNumber: 15 },
                            this,
                          ),
                        l.expected &&
                          L(
                            x,
                            {
                              children: [
                                L(
                                  `dt`,
                                  { children: `Expected` },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 70, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `dd`,
                                  { children: Cl(l.expected, l.unit) },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 71, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: G, lineNumber: 69, columnNumber: 15 },
                            this,
                          ),
                        L(
                          `dt`,
                          { children: `Found by` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 74, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          {
                            children: [
                              l.detector,
                              ` `,
                              L(
                                `span`,
                                { class: `muted`, children: [`(`, s.rule, `)`] },
                                void 0,
                                !0,
                                { fileName: G, lineNumber: 76, columnNumber: 30 },
                                this,
                              ),
                            ],
                          },
                          void 0,
                          !0,
                          { fileName: G, lineNumber: 75, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `Raised` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 78, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: Yn(s.raisedAt) },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 79, columnNumber: 13 },
                          this,
                        ),
                        s.clearedAt !== null &&
                          L(
                            x,
                            {
                              children: [
                                L(
                                  `dt`,
                                  { children: `Cleared` },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 82, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `dd`,
                                  { children: [Yn(s.clearedAt), `, after `, er(s.clearedAt - s.raisedAt)] },
                                  void 0,
                                  !0,
                                  { fileName: G, lineNumber: 83, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: G, lineNumber: 81, columnNumber: 15 },
                            this,
                          ),
                        L(
                          `dt`,
                          { children: `Occurrences` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 88, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: s.occurrences },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 89, columnNumber: 13 },
                          this,
                        ),
                        s.acknowledgedAt !== null &&
                          L(
                            x,
                            {
                              children: [
                                L(
                                  `dt`,
                                  { children: `Acknowledged` },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 92, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `dd`,
                                  {
                                    children: [
                                      Yn(s.acknowledgedAt),
                                      ` by `,
                                      s.acknowledgedBy,
                                      s.comment !== null && `: ${s.comment}`,
                                    ],
                                  },
                                  void 0,
                                  !0,
                                  { fileName: G, lineNumber: 93, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: G, lineNumber: 91, columnNumber: 15 },
                            this,
                          ),
                        Object.entries(l.details ?? {}).map(([e, t]) =>
                          L(
                            x,
                            {
                              children: [
                                L(
                                  `dt`,
                                  { children: e },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 101, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `dd`,
                                  { children: typeof t === `number` ? R(t) : String(t) },
                                  void 0,
                                  !1,
                                  { fileName: G, lineNumber: 102, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: G, lineNumber: 100, columnNumber: 15 },
                            this,
                          ),
                        ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: G, lineNumber: 53, columnNumber: 11 },
                    this,
                  ),
                  bn(s) &&
                    L(
                      `div`,
                      {
                        class: `buttons`,
                        children: L(
                          `button`,
                          { type: `button`, class: `primary`, onClick: () => r(s), children: `Acknowledge` },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 108, columnNumber: 15 },
                          this,
                        ),
                      },
                      void 0,
                      !1,
                      { fileName: G, lineNumber: 107, columnNumber: 13 },
                      this,
                    ),
                ],
              },
              void 0,
              !0,
              { fileName: G, lineNumber: 49, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: G, lineNumber: 41, columnNumber: 7 },
          this,
        ),
        L(wl, { alarm: s }, void 0, !1, { fileName: G, lineNumber: 115, columnNumber: 7 }, this),
        L(
          B,
          {
            title: `History`,
            children: L(
              `ul`,
              {
                class: `stages`,
                children: c.map((e) =>
                  L(
                    `li`,
                    {
                      children: [
                        L(
                          `b`,
                          { children: e.kind },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 120, columnNumber: 15 },
                          this,
                        ),
                        L(
                          `span`,
                          {
                            children:
                              e.by === null ? cr(e.text) : `by ${e.by}${e.text === `` ? `` : `: ${e.text}`}`,
                          },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 121, columnNumber: 15 },
                          this,
                        ),
                        L(
                          `span`,
                          { class: `muted`, children: Yn(e.at) },
                          void 0,
                          !1,
                          { fileName: G, lineNumber: 126, columnNumber: 15 },
                          this,
                        ),
                      ],
                    },
                    e.id,
                    !0,
                    { fileName: G, lineNumber: 119, columnNumber: 13 },
                    this,
                  ),
                ),
              },
              void 0,
              !1,
              { fileName: G, lineNumber: 117, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: G, lineNumber: 116, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: G, lineNumber: 40, columnNumber: 5 },
    this,
  )
}
function Cl({ low: e, high: t }, n) {
  let r = sr(n)
  return e !== void 0 && t !== void 0
    ? `${R(e)} to ${R(t)} ${r}`
    : e === void 0
      ? `at most ${R(t)} ${r}`
      : `at least ${R(e)} ${r}`
}
function wl({ alarm: e }) {
  let t = Rt.value?.get(e.thing),
    n = e.raisedAt - 3e5,
    r = Math.min(Yt(), e.raisedAt + 3e5),
    { data: i } = kn(`${e.id} ${e.raisedAt} lead-up`, (t) =>
      fl({ thing: e.thing, measures: [e.key], from: n, to: r, points: 400 }, t),
    ),
    a = i?.series.get(e.key)
  if (!a) return null
  let o = Ut(t, e.key),
    { expected: s } = e.why
  return L(
    el,
    {
      title: dr(e.key),
      sub: `when it was raised`,
      unit: e.why.unit ?? Ut(t, e.key).unit,
      points: a,
      bounds: { from: n, to: r },
      height: 150,
      decoration: {
        limits: o,
        spans: [{ from: e.raisedAt, to: e.clearedAt ?? r, severity: e.severity }],
        ...(s && (s.low !== o.low || s.high !== o.high) && { expected: [{ from: n, to: r, ...s }] }),
      },
    },
    void 0,
    !1,
    { fileName: G, lineNumber: 154, columnNumber: 5 },
    this,
  )
}
var Tl = `/work/main/dashboard/src/ui/dialog.tsx`
function El(e) {
  let { title: t, onClose: n, children: r } = e,
    i = ke(null)
  return (
    De(() => {
      let e = i.current
      return (e && !e.open && e.showModal(), () => e?.close())
    }, []),
    L(
      `dialog`,
      {
        ref: i,
        'aria-label': t,
        onClose: n,
        children: [
          L(
            `header`,
            {
              children: [
                L(`h2`, { children: t }, void 0, !1, { fileName: Tl, lineNumber: 16, columnNumber: 9 }, this),
                L(
                  `button`,
                  {
                    type: `button`,
                    class: `quiet`,
                    'aria-label': `Close`,
                    onClick: () => i.current?.close(),
                    children: `✕`,
                  },
                  void 0,
                  !1,
                  { fileName: Tl, lineNumber: 17, columnNumber: 9 },
                  this,
                ),
              ],
            },
            void 0,
            !0,
            { fileName: Tl, lineNumber: 15, columnNumber: 7 },
            this,
          ),
          r,
        ],
      },
      void 0,
      !0,
      { fileName: Tl, lineNumber: 14, columnNumber: 5 },
      this,
    )
  )
}
var Dl = `/work/main/dashboard/src/alarms/acknowledge-dialog.tsx`
function Ol(e) {
  let { alarm: t, busy: n, problem: r, onClose: i, onAcknowledge: a } = e
  return L(
    El,
    {
      title: `Acknowledge alarm`,
      onClose: i,
      children: L(
        `form`,
        {
          class: `body stacked`,
          onSubmit: (e) => {
            e.preventDefault()
            let n = new FormData(e.currentTarget)
            a(t, Ln(n, `comment`).trim())
          },
          children: [
            L(
              `p`,
              {
                children: [
                  L(
                    mr,
                    { severity: t.severity },
                    void 0,
                    !1,
                    { fileName: Dl, lineNumber: 27, columnNumber: 11 },
                    this,
                  ),
                  ` `,
                  L(
                    `b`,
                    { children: t.thing },
                    void 0,
                    !1,
                    { fileName: Dl, lineNumber: 27, columnNumber: 54 },
                    this,
                  ),
                  `: `,
                  cr(t.why.text),
                ],
              },
              void 0,
              !0,
              { fileName: Dl, lineNumber: 26, columnNumber: 9 },
              this,
            ),
            L(
              Nn,
              {
                label: `Comment`,
                hint: `What you will do about it; the history keeps it.`,
                children: L(
                  `input`,
                  { name: `comment`, maxLength: 1e3, autofocus: !0 },
                  void 0,
                  !1,
                  { fileName: Dl, lineNumber: 30, columnNumber: 11 },
                  this,
                ),
              },
              void 0,
              !1,
              { fileName: Dl, lineNumber: 29, columnNumber: 9 },
              this,
            ),
            r && L(yr, { problem: r }, void 0, !1, { fileName: Dl, lineNumber: 32, columnNumber: 21 }, this),
            L(
              `div`,
              {
                class: `buttons`,
                children: [
                  L(
                    `button`,
                    { type: `submit`, class: `primary`, disabled: n, children: `Acknowledge` },
                    void 0,
                    !1,
                    { fileName: Dl, lineNumber: 34, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `button`,
                    { type: `button`, onClick: i, children: `Cancel` },
                    void 0,
                    !1,
                    { fileName: Dl, lineNumber: 37, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Dl, lineNumber: 33, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Dl, lineNumber: 18, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Dl, lineNumber: 17, columnNumber: 5 },
    this,
  )
}
var kl = `/work/main/dashboard/src/alarms/alarms-page.tsx`,
  Al = [
    [`active`, `Active`],
    [`unacknowledged`, `Not acknowledged`],
    [`all`, `All, cleared too`],
  ]
function jl() {
  let { parts: e, query: t } = Tr.value,
    n = e[1],
    r = t.get(`state`) ?? `active`,
    i = t.get(`severity`) ?? ``,
    a = (t.get(`text`) ?? ``).toLowerCase(),
    [o, s] = N(null),
    c = Fn(),
    l = It(`/v1/alarms`, { state: r, severity: i, limit: 500 }),
    u = (I.value ?? []).map(({ id: e, transitionAt: t, state: n }) => `${e}${t}${n}`).join(),
    {
      data: d,
      problem: f,
      loading: p,
      reload: m,
    } = kn(l, async (e) => (await F(l, { signal: e })).items.sort(xn), 15e3),
    [h, g] = N(u)
  h !== u && (g(u), m())
  let _ = (d ?? []).filter(
      (e) => a === `` || `${e.thing} ${e.rule} ${e.key} ${e.why.text}`.toLowerCase().includes(a),
    ),
    v = (e, t) =>
      c.run(async () => {
        ;(await F(`/v1/alarms/${encodeURIComponent(e.id)}/acknowledge`, {
          method: `POST`,
          body: t === `` ? {} : { comment: t },
        }),
          s(null),
          m(),
          await Sn())
      })
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `toolbar`,
            children: [
              L(
                Pn,
                { label: `State`, value: r, options: Al, onChange: (e) => kr({ state: e }) },
                void 0,
                !1,
                { fileName: kl, lineNumber: 63, columnNumber: 9 },
                this,
              ),
              L(
                Pn,
                {
                  label: `Severity`,
                  value: i,
                  options: [[``, `Any`], ...yn.map((e) => [e, e])],
                  onChange: (e) => kr({ severity: e }),
                },
                void 0,
                !1,
                { fileName: kl, lineNumber: 69, columnNumber: 9 },
                this,
              ),
              L(
                `label`,
                {
                  class: `choice`,
                  children: [
                    L(
                      `span`,
                      { children: `Device or text` },
                      void 0,
                      !1,
                      { fileName: kl, lineNumber: 76, columnNumber: 11 },
                      this,
                    ),
                    L(
                      `input`,
                      {
                        type: `search`,
                        value: t.get(`text`) ?? ``,
                        onInput: (e) => kr({ text: e.currentTarget.value }),
                      },
                      void 0,
                      !1,
                      { fileName: kl, lineNumber: 77, columnNumber: 11 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: kl, lineNumber: 75, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: kl, lineNumber: 62, columnNumber: 7 },
          this,
        ),
        f &&
          L(
            yr,
            { problem: f, onRetry: m },
            void 0,
            !1,
            { fileName: kl, lineNumber: 84, columnNumber: 19 },
            this,
          ),
        L(
          `div`,
          {
            class: n === void 0 ? `stack` : `columns`,
            children: [
              L(
                B,
                {
                  title: `Alarms`,
                  actions: L(
                    `span`,
                    { class: `muted`, children: d ? `${_.length} shown` : `` },
                    void 0,
                    !1,
                    { fileName: kl, lineNumber: 86, columnNumber: 40 },
                    this,
                  ),
                  children:
                    _.length > 0
                      ? L(
                          bl,
                          { alarms: _, onAcknowledge: s, ...(n !== void 0 && { selected: n }) },
                          void 0,
                          !1,
                          { fileName: kl, lineNumber: 88, columnNumber: 13 },
                          this,
                        )
                      : p && !d
                        ? L(Sr, {}, void 0, !1, { fileName: kl, lineNumber: 94, columnNumber: 13 }, this)
                        : L(
                            br,
                            {
                              title: r === `all` ? `No alarm was ever raised` : `No alarm matches`,
                              children:
                                r === `all`
                                  ? `Limits, rates and stuck sensors are set per device type, under Devices, Types.`
                                  : L(
                                      `button`,
                                      {
                                        type: `button`,
                                        class: `small`,
                                        onClick: () => kr({ state: `all`, severity: null, text: null }),
                                        children: `Show all alarms, cleared ones too`,
                                      },
                                      void 0,
                                      !1,
                                      { fileName: kl, lineNumber: 100, columnNumber: 17 },
                                      this,
                                    ),
                            },
                            void 0,
                            !1,
                            { fileName: kl, lineNumber: 96, columnNumber: 13 },
                            this,
                          ),
                },
                void 0,
                !1,
                { fileName: kl, lineNumber: 86, columnNumber: 9 },
                this,
              ),
              n !== void 0 &&
                L(
                  Sl,
                  { id: n, version: u, onAcknowledge: s },
                  n,
                  !1,
                  { fileName: kl, lineNumber: 112, columnNumber: 11 },
                  this,
                ),
            ],
          },
          void 0,
          !0,
          { fileName: kl, lineNumber: 85, columnNumber: 7 },
          this,
        ),
        o &&
          L(
            Ol,
            { alarm: o, busy: c.busy, problem: c.problem, onClose: () => s(null), onAcknowledge: v },
            void 0,
            !1,
            { fileName: kl, lineNumber: 116, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: kl, lineNumber: 61, columnNumber: 5 },
    this,
  )
}
var Ml = {
  trip: `trip`,
  stop: `stop`,
  refuel: `refuel`,
  drain: `drain`,
  harsh: `harsh`,
  tripRisk: `tripRisk`,
  zoneQuarter: `zone_quarter`,
  energyHour: `energy_hour`,
  decision: `hvac_decision`,
  assessment: `assessment`,
  workOrder: `work_order`,
}
async function Nl(e, { from: t, to: n, thing: r }, i, a = 3e3) {
  let o = It(`/v1/facts/${e}`, { from: Math.floor(t), to: Math.ceil(n), thing: r, limit: 1e3 })
  return a <= 1e3 ? (await F(o, { signal: i })).items : Ft(o, a, i)
}
var Pl = (e, t) => {
    let n = e?.value[t]
    return typeof n === `number` && Number.isFinite(n) ? n : null
  },
  Fl = (e, t) => {
    let n = e?.value[t]
    return typeof n === `string` && n !== `` ? n : null
  },
  Il = (e, t) => {
    let n = e?.value[t]
    return typeof n === `object` && n && !Array.isArray(n) ? n : null
  },
  Ll = (e, t) => {
    let n = e?.value[t]
    return Array.isArray(n) ? n : []
  }
function Rl(e, t) {
  let n = new Map()
  for (let r of e) {
    let e = t(r),
      i = n.get(e)
    ;(!i || i.at < r.at || (i.at === r.at && i.version < r.version)) && n.set(e, r)
  }
  return n
}
async function zl(e, t) {
  let n = new Map()
  for (let r = `/v1/latest${e}`; r !== null;) {
    let e = await F(r, { signal: t })
    for (let t of e.items) n.set(t.thing, t)
    r = e.next
  }
  return n
}
var Bl = (e) => (e ? e.values.reduce((e, { at: t }) => Math.max(e, t), 0) : 0)
function Vl(e, t) {
  if (e.status !== `active`) return e.status
  let n = Bl(t)
  return n === 0 ? `never` : Yt() - n > Wt(e) ? `silent` : `reporting`
}
function Hl(e) {
  return e === null || e <= 10 ? `calm` : e <= 15 ? `warning` : `major`
}
function Ul(e, t) {
  return e === null || t === null
    ? `not known`
    : `${e > 0.5 ? `warm` : e < -0.5 ? `cool` : `comfortable`}, ${Math.round(t)} % dissatisfied`
}
var Wl = `/work/main/dashboard/src/buildings/decisions.tsx`
function Gl({ site: e, decisions: t }) {
  let n = [...t].sort((e, t) => t.at - e.at)[0],
    r = n && Fl(n, `why`) !== null ? [n.value] : [],
    i = n ? [...Ll(n, `zones`), ...r].filter(Kl) : [],
    [a, o] = [Pl(n, `saving`), Pl(n, `savingLow`)]
  return L(
    B,
    {
      title: `Plan for ${e}`,
      actions: L(
        `span`,
        { class: `muted`, children: n ? `of ${Yn(n.at)}` : `` },
        void 0,
        !1,
        { fileName: Wl, lineNumber: 15, columnNumber: 16 },
        this,
      ),
      children: n
        ? L(
            `div`,
            {
              class: `body stack`,
              children: [
                a !== null &&
                  L(
                    `p`,
                    {
                      children: [
                        L(
                          `b`,
                          { children: Fl(n, `action`) === `apply` ? `Applied` : `Advised` },
                          void 0,
                          !1,
                          { fileName: Wl, lineNumber: 26, columnNumber: 15 },
                          this,
                        ),
                        `: saves`,
                        ` `,
                        R(Math.round(a * 100)),
                        ` % of the schedule’s cost`,
                        o !== null && `, at least ${R(Math.round(o * 100))} % with 80 % confidence`,
                        `.`,
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: Wl, lineNumber: 25, columnNumber: 13 },
                    this,
                  ),
                L(
                  `ul`,
                  {
                    class: `entries`,
                    children: i.map((e) =>
                      L(
                        `li`,
                        {
                          children: L(
                            `span`,
                            {
                              children: [
                                L(
                                  `b`,
                                  { children: ql(e.zone) },
                                  void 0,
                                  !1,
                                  { fileName: Wl, lineNumber: 35, columnNumber: 19 },
                                  this,
                                ),
                                ` `,
                                L(
                                  `span`,
                                  { class: `muted`, children: ql(e.why) },
                                  void 0,
                                  !1,
                                  { fileName: Wl, lineNumber: 35, columnNumber: 54 },
                                  this,
                                ),
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: Wl, lineNumber: 34, columnNumber: 17 },
                            this,
                          ),
                        },
                        ql(e.zone),
                        !1,
                        { fileName: Wl, lineNumber: 33, columnNumber: 15 },
                        this,
                      ),
                    ),
                  },
                  void 0,
                  !1,
                  { fileName: Wl, lineNumber: 31, columnNumber: 11 },
                  this,
                ),
              ],
            },
            void 0,
            !0,
            { fileName: Wl, lineNumber: 23, columnNumber: 9 },
            this,
          )
        : L(
            br,
            {
              title: `Nothing has been planned yet`,
              children: `A plan needs a zone with a plant that can be steered, a tariff, and about a week of its history. It is only advised until the site’s control is set to “apply”.`,
            },
            void 0,
            !1,
            { fileName: Wl, lineNumber: 18, columnNumber: 9 },
            this,
          ),
    },
    void 0,
    !1,
    { fileName: Wl, lineNumber: 13, columnNumber: 5 },
    this,
  )
}
var Kl = (e) => typeof e === `object` && !!e,
  ql = (e) => (typeof e === `string` ? e : ``),
  K = `/work/main/dashboard/src/buildings/buildings-page.tsx`,
  Jl = 864e5
function Yl() {
  let e = [...(Rt.value?.values() ?? [])].filter(({ trade: e }) => e === `building`),
    {
      data: t,
      problem: n,
      reload: r,
    } = kn(
      `buildings`,
      async (e) => {
        let t = { from: Yt() - Jl, to: Yt() + Jl },
          [n, r, i, a] = await Promise.all([
            Nl(Ml.zoneQuarter, t, e, 2e4),
            Nl(Ml.energyHour, t, e, 1e4),
            Nl(Ml.decision, t, e, 2e3),
            zl(`?trade=building`, e),
          ])
        return { quarters: n, energy: r, decisions: i, latest: a }
      },
      15e3,
    )
  return e.length === 0
    ? L(
        br,
        {
          title: `No building is connected yet`,
          children: [
            L(
              `a`,
              { href: `#/devices?register=`, children: `Register a device` },
              void 0,
              !1,
              { fileName: K, lineNumber: 37, columnNumber: 9 },
              this,
            ),
            ` with a type of the trade building and the building as its site: `,
            L(
              `code`,
              { children: `temperature` },
              void 0,
              !1,
              { fileName: K, lineNumber: 38, columnNumber: 22 },
              this,
            ),
            `, `,
            L(
              `code`,
              { children: `humidity` },
              void 0,
              !1,
              { fileName: K, lineNumber: 38, columnNumber: 48 },
              this,
            ),
            `, `,
            L(
              `code`,
              { children: `co2` },
              void 0,
              !1,
              { fileName: K, lineNumber: 38, columnNumber: 71 },
              this,
            ),
            `, `,
            L(
              `code`,
              { children: `motion` },
              void 0,
              !1,
              { fileName: K, lineNumber: 38, columnNumber: 89 },
              this,
            ),
            `, and meters of `,
            L(
              `code`,
              { children: `power` },
              void 0,
              !1,
              { fileName: K, lineNumber: 39, columnNumber: 23 },
              this,
            ),
            ` or `,
            L(
              `code`,
              { children: `energy` },
              void 0,
              !1,
              { fileName: K, lineNumber: 39, columnNumber: 45 },
              this,
            ),
            `.`,
          ],
        },
        void 0,
        !0,
        { fileName: K, lineNumber: 36, columnNumber: 7 },
        this,
      )
    : n
      ? L(yr, { problem: n, onRetry: r }, void 0, !1, { fileName: K, lineNumber: 42, columnNumber: 23 }, this)
      : t
        ? L(
            x,
            {
              children: [...Map.groupBy(e, ({ site: e }) => e ?? `Without a site`)].map(([e, n]) =>
                L(
                  Xl,
                  {
                    site: e,
                    quarters: t.quarters.filter(({ thing: t }) => t === `site:${e}`),
                    energy: t.energy.filter(({ thing: t }) => t === `site:${e}`),
                    decisions: t.decisions.filter(({ thing: t }) => t === `site:${e}`),
                    rooms: n.map((e) => ({ device: e, latest: t.latest.get(e.thing) })),
                  },
                  e,
                  !1,
                  { fileName: K, lineNumber: 48, columnNumber: 9 },
                  this,
                ),
              ),
            },
            void 0,
            !1,
            { fileName: K, lineNumber: 46, columnNumber: 5 },
            this,
          )
        : L(Sr, { lines: 10 }, void 0, !1, { fileName: K, lineNumber: 43, columnNumber: 21 }, this)
}
function Xl({ site: e, quarters: t, energy: n, decisions: r, rooms: i }) {
  let a = [...Rl(t, (e) => Fl(e, `zone`) ?? e.key).values()],
    o = (e) => (n.some((t) => Pl(t, e) !== null) ? n.reduce((t, n) => t + (Pl(n, e) ?? 0), 0) : null),
    s = n.map((e) => Fl(e, `currency`)).find((e) => e !== null) ?? ``,
    c = o(`kWh`),
    l = o(`expectedKWh`),
    u = a.map((e) => Pl(e, `ppd`)).filter((e) => e !== null),
    d = [...Map.groupBy(n, ({ at: e }) => e)].sort(([e], [t]) => e - t)
  return L(
    x,
    {
      children: [
        L(`h2`, { children: e }, void 0, !1, { fileName: K, lineNumber: 82, columnNumber: 7 }, this),
        L(
          `div`,
          {
            class: `tiles`,
            children: [
              L(
                xr,
                { label: `Zones`, value: String(a.length || `–`), note: `${i.length} sensors and meters` },
                void 0,
                !1,
                { fileName: K, lineNumber: 84, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Discomfort, mean`,
                  value: u.length > 0 ? R(Math.round(u.reduce((e, t) => e + t, 0) / u.length)) : `–`,
                  unit: `% dissatisfied`,
                  note: u.length > 0 ? `predicted, ISO 7730` : `needs temperature and humidity`,
                },
                void 0,
                !1,
                { fileName: K, lineNumber: 85, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Energy, 24 h`,
                  value: R(c === null ? null : Math.round(c)),
                  unit: `kWh`,
                  note:
                    l === null || c === null
                      ? `no expectation learned yet`
                      : `${R(Math.round(l))} kWh expected`,
                },
                void 0,
                !1,
                { fileName: K, lineNumber: 91, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Cost, 24 h`,
                  value: R(o(`cost`)),
                  unit: s,
                  note: s === `` ? `needs a tariff for the site` : `\xA0`,
                },
                void 0,
                !1,
                { fileName: K, lineNumber: 101, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: K, lineNumber: 83, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            class: `columns`,
            children: [
              L(
                `div`,
                {
                  class: `stack`,
                  children: [
                    a.length > 0
                      ? L(
                          B,
                          {
                            title: `Zones of ${e}`,
                            children: L(
                              gl,
                              {
                                label: `Zones of ${e}`,
                                items: a,
                                keyOf: (e) => Fl(e, `zone`) ?? e.key,
                                columns: [
                                  {
                                    title: `Zone`,
                                    cell: (e) =>
                                      L(
                                        `b`,
                                        { children: Fl(e, `zone`) ?? e.key },
                                        void 0,
                                        !1,
                                        { fileName: K, lineNumber: 117, columnNumber: 52 },
                                        this,
                                      ),
                                  },
                                  {
                                    title: `Temperature`,
                                    cell: (e) => `${R(Pl(e, `endTemperatureC`) ?? Pl(e, `temperatureC`))} °C`,
                                    numeric: !0,
                                  },
                                  {
                                    title: `Humidity`,
                                    cell: (e) => `${R(Pl(e, `humidityPercent`))} %`,
                                    numeric: !0,
                                    minor: !0,
                                  },
                                  {
                                    title: `CO₂`,
                                    cell: (e) => `${R(Pl(e, `co2Ppm`))} ppm`,
                                    numeric: !0,
                                    minor: !0,
                                  },
                                  { title: `Occupied`, cell: (e) => Zl(Pl(e, `occupiedNow`)), numeric: !0 },
                                  {
                                    title: `Comfort`,
                                    cell: (e) =>
                                      L(
                                        `span`,
                                        {
                                          class: `severity ${Hl(Pl(e, `ppd`))}`,
                                          children: Ul(Pl(e, `pmv`), Pl(e, `ppd`)),
                                        },
                                        void 0,
                                        !1,
                                        { fileName: K, lineNumber: 126, columnNumber: 55 },
                                        this,
                                      ),
                                  },
                                  { title: `As of`, cell: (e) => Yn(e.until), numeric: !0, minor: !0 },
                                ],
                              },
                              void 0,
                              !1,
                              { fileName: K, lineNumber: 112, columnNumber: 15 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: K, lineNumber: 111, columnNumber: 13 },
                          this,
                        )
                      : L(
                          Ql,
                          { site: e, rooms: i },
                          void 0,
                          !1,
                          { fileName: K, lineNumber: 132, columnNumber: 13 },
                          this,
                        ),
                    d.length > 1 &&
                      L(
                        el,
                        {
                          title: `Energy an hour, ${e}`,
                          sub: `all meters, last 24 h`,
                          unit: `kWh`,
                          points: {
                            at: d.map(([e]) => e + 18e5),
                            mean: d.map(([, e]) => e.reduce((e, t) => e + (Pl(t, `kWh`) ?? 0), 0)),
                          },
                          bounds: { from: Yt() - Jl, to: Yt() },
                        },
                        void 0,
                        !1,
                        { fileName: K, lineNumber: 135, columnNumber: 13 },
                        this,
                      ),
                  ],
                },
                void 0,
                !0,
                { fileName: K, lineNumber: 109, columnNumber: 9 },
                this,
              ),
              L(
                Gl,
                { site: e, decisions: r },
                void 0,
                !1,
                { fileName: K, lineNumber: 149, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: K, lineNumber: 108, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: K, lineNumber: 81, columnNumber: 5 },
    this,
  )
}
var Zl = (e) => (e === null ? `–` : `${Math.round(e * 100)} %`)
function Ql({ site: e, rooms: t }) {
  return L(
    B,
    {
      title: `Sensors of ${e}`,
      children: [
        L(
          `p`,
          {
            class: `body muted`,
            children: `No zone of this building has been described yet, so comfort, plans and cost cannot be worked out. Describe the site with its zones, meters and tariff; then they appear with the next quarter of an hour.`,
          },
          void 0,
          !1,
          { fileName: K, lineNumber: 161, columnNumber: 7 },
          this,
        ),
        L(
          gl,
          {
            label: `Sensors of ${e}`,
            items: t,
            keyOf: ({ device: e }) => e.thing,
            columns: [
              {
                title: `Sensor`,
                cell: ({ device: e }) =>
                  L(
                    `a`,
                    { href: Dr([`device`, e.thing]), children: e.thing },
                    void 0,
                    !1,
                    { fileName: K, lineNumber: 173, columnNumber: 35 },
                    this,
                  ),
              },
              {
                title: `Values`,
                cell: ({ device: e, latest: t }) =>
                  (t?.values ?? [])
                    .slice(0, 4)
                    .map((t) => `${dr(t.measure)} ${R(t.value)} ${sr(Ut(e, t.measure).unit)}`)
                    .join(`, `) ||
                  L(
                    `span`,
                    { class: `muted`, children: `nothing yet` },
                    void 0,
                    !1,
                    { fileName: K, lineNumber: 184, columnNumber: 32 },
                    this,
                  ),
              },
              {
                title: `Heard`,
                cell: ({ latest: e }) =>
                  L(
                    vr,
                    { at: Math.max(0, ...(e?.values ?? []).map(({ at: e }) => e)) },
                    void 0,
                    !1,
                    { fileName: K, lineNumber: 186, columnNumber: 51 },
                    this,
                  ),
                numeric: !0,
              },
            ],
          },
          void 0,
          !1,
          { fileName: K, lineNumber: 166, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: K, lineNumber: 160, columnNumber: 5 },
    this,
  )
}
var $l = class {
    #e = new Map()
    #t
    constructor(e) {
      this.#t = e
    }
    seed(e, t, n, r) {
      let i = `${e}\0${t}`,
        a = this.#e.get(i),
        o = n.at(-1) ?? 0,
        s = a ? a.at.findIndex((e) => e > o) : -1
      this.#e.set(i, {
        at: [...n, ...(a && s >= 0 ? a.at.slice(s) : [])],
        mean: [...r, ...(a && s >= 0 ? a.mean.slice(s) : [])],
      })
    }
    take(e, t) {
      let n = !1
      for (let { measure: r, at: i, value: a } of t) {
        if (a === null) continue
        let t = `${e}\0${r}`,
          o = this.#e.get(t)
        if ((o || this.#e.set(t, (o = { at: [], mean: [] })), (o.at.at(-1) ?? 0) >= i)) continue
        ;(o.at.push(i), o.mean.push(a), (n = !0))
        let s = o.at.findIndex((e) => e >= i - this.#t)
        s > 200 && (o.at.splice(0, s), o.mean.splice(0, s))
      }
      return n
    }
    points(e, t) {
      let n = this.#e.get(`${e}\0${t}`)
      return n ? { at: n.at, mean: n.mean } : eu
    }
    measures(e) {
      let t = `${e}\0`
      return [...this.#e.keys()].filter((e) => e.startsWith(t)).map((e) => e.slice(t.length))
    }
  },
  eu = { at: [], mean: [] }
function tu(e, t) {
  let n = e.join(`,`),
    r = ke(new $l(t)),
    [i, a] = N(0)
  return (
    De(() => {
      let e = 0,
        t = gn({
          things: n === `` ? [] : n.split(`,`),
          onValues: (t, n) => {
            r.current.take(t, n) &&
              e === 0 &&
              (e = requestAnimationFrame(() => {
                ;((e = 0), a((e) => e + 1))
              }))
          },
        })
      return () => {
        ;(cancelAnimationFrame(e), t())
      }
    }, [n]),
    { series: r.current, version: i }
  )
}
var nu = [
    [`1 min`, 6e4],
    [`10 min`, 6e5],
    [`1 h`, 36e5],
    [`8 h`, 288e5],
    [`1 d`, 864e5],
    [`7 d`, 6048e5],
    [`30 d`, 2592e6],
    [`1 y`, 31536e6],
    [`5 y`, 15768e7],
  ],
  ru = 2e3,
  iu = 189216e6,
  au = 9466848e5,
  ou = (e, t = Yt()) => (e.kind === `last` ? { from: t - e.ms, to: t } : { from: e.from, to: e.to }),
  su = (e) => (e.kind === `last` ? e.ms : e.to - e.from)
function cu(e, t) {
  let [n, r] = [Number(e.get(`from`) ?? NaN), Number(e.get(`to`) ?? NaN)]
  if (r - n >= ru && n >= au) return { kind: `fixed`, from: n, to: r }
  let i = Number(e.get(`last`) ?? NaN)
  return { kind: `last`, ms: i >= ru && i <= iu ? i : t }
}
var lu = (e) =>
  e.kind === `last`
    ? { last: String(e.ms), from: null, to: null }
    : { last: null, from: String(Math.round(e.from)), to: String(Math.round(e.to)) }
function uu(e, t, n = Yt()) {
  let r = Math.min(Math.max(t - e, ru), iu),
    i = (e + t) / 2,
    a = Math.max(au, i - r / 2),
    o = a + r
  return o >= n ? { kind: `last`, ms: Math.round(r) } : { kind: `fixed`, from: a, to: o }
}
function du(e, t) {
  let { from: n, to: r } = ou(e)
  if (e.kind === `last`) return uu(r - (r - n) * t, r)
  let i = (n + r) / 2
  return uu(i - ((r - n) * t) / 2, i + ((r - n) * t) / 2)
}
function fu(e, t) {
  let { from: n, to: r } = ou(e),
    i = (r - n) * t
  return uu(n + i, r + i)
}
var q = `/work/main/dashboard/src/device/device-aside.tsx`,
  pu = 12
function mu(e) {
  let { device: t, alarms: n, anomalies: r, onShow: i } = e,
    a = n?.filter(({ clearedAt: e }) => e === null) ?? [],
    o = [...a, ...(n?.filter(({ clearedAt: e }) => e !== null) ?? [])].slice(0, pu),
    s = Object.entries(t.attributes)
  return L(
    `div`,
    {
      class: `stack`,
      children: [
        L(
          B,
          {
            title: `Alarms`,
            actions: L(
              `span`,
              { class: `muted`, children: n ? `${a.length} active` : `` },
              void 0,
              !1,
              { fileName: q, lineNumber: 25, columnNumber: 38 },
              this,
            ),
            children:
              n === null
                ? L(Sr, { lines: 3 }, void 0, !1, { fileName: q, lineNumber: 27, columnNumber: 11 }, this)
                : o.length === 0
                  ? L(
                      br,
                      { title: `This device never had an alarm` },
                      void 0,
                      !1,
                      { fileName: q, lineNumber: 29, columnNumber: 11 },
                      this,
                    )
                  : L(
                      `ul`,
                      {
                        class: `entries`,
                        children: o.map((e) =>
                          L(
                            `li`,
                            {
                              class: e.clearedAt === null ? `` : `past`,
                              children: [
                                L(
                                  `a`,
                                  {
                                    href: Dr([`alarms`, e.id], { state: `all` }),
                                    children: [
                                      L(
                                        mr,
                                        { severity: e.severity, bare: !0 },
                                        void 0,
                                        !1,
                                        { fileName: q, lineNumber: 35, columnNumber: 19 },
                                        this,
                                      ),
                                      ` `,
                                      cr(e.why.text),
                                    ],
                                  },
                                  void 0,
                                  !0,
                                  { fileName: q, lineNumber: 34, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `button`,
                                  {
                                    type: `button`,
                                    class: `quiet small`,
                                    onClick: () => i(e.raisedAt),
                                    children: Yn(e.raisedAt),
                                  },
                                  void 0,
                                  !1,
                                  { fileName: q, lineNumber: 37, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            e.id,
                            !0,
                            { fileName: q, lineNumber: 33, columnNumber: 15 },
                            this,
                          ),
                        ),
                      },
                      void 0,
                      !1,
                      { fileName: q, lineNumber: 31, columnNumber: 11 },
                      this,
                    ),
          },
          void 0,
          !1,
          { fileName: q, lineNumber: 25, columnNumber: 7 },
          this,
        ),
        L(
          B,
          {
            title: `Anomalies in this range`,
            actions: L(
              `span`,
              { class: `muted`, children: r?.length ?? `` },
              void 0,
              !1,
              { fileName: q, lineNumber: 45, columnNumber: 55 },
              this,
            ),
            children:
              r === null
                ? L(Sr, { lines: 3 }, void 0, !1, { fileName: q, lineNumber: 47, columnNumber: 11 }, this)
                : r.length === 0
                  ? L(
                      br,
                      { title: `Nothing unusual was found` },
                      void 0,
                      !1,
                      { fileName: q, lineNumber: 49, columnNumber: 11 },
                      this,
                    )
                  : L(
                      `ul`,
                      {
                        class: `entries`,
                        children: r
                          .slice(-12)
                          .reverse()
                          .map((e) =>
                            L(
                              `li`,
                              {
                                children: [
                                  L(
                                    `span`,
                                    {
                                      children: [
                                        dr(e.measure),
                                        ` `,
                                        R(e.observed),
                                        ` `,
                                        sr(Ut(t, e.measure).unit),
                                        L(
                                          `span`,
                                          {
                                            class: `muted`,
                                            children: [
                                              `, `,
                                              e.detector,
                                              (e.expected.low !== void 0 || e.expected.high !== void 0) &&
                                                `, expected ${Cl(e.expected)}`,
                                            ],
                                          },
                                          void 0,
                                          !0,
                                          { fileName: q, lineNumber: 60, columnNumber: 21 },
                                          this,
                                        ),
                                      ],
                                    },
                                    void 0,
                                    !0,
                                    { fileName: q, lineNumber: 57, columnNumber: 19 },
                                    this,
                                  ),
                                  L(
                                    `button`,
                                    {
                                      type: `button`,
                                      class: `quiet small`,
                                      onClick: () => i(e.at),
                                      children: Yn(e.at),
                                    },
                                    void 0,
                                    !1,
                                    { fileName: q, lineNumber: 66, columnNumber: 19 },
                                    this,
                                  ),
                                ],
                              },
                              `${e.at} ${e.measure} ${e.detector}`,
                              !0,
                              { fileName: q, lineNumber: 56, columnNumber: 17 },
                              this,
                            ),
                          ),
                      },
                      void 0,
                      !1,
                      { fileName: q, lineNumber: 51, columnNumber: 11 },
                      this,
                    ),
          },
          void 0,
          !1,
          { fileName: q, lineNumber: 45, columnNumber: 7 },
          this,
        ),
        (s.length > 0 || t.location || t.gateway !== void 0) &&
          L(
            B,
            {
              title: `Details`,
              children: L(
                `dl`,
                {
                  class: `facts body`,
                  children: [
                    t.gateway !== void 0 &&
                      L(
                        x,
                        {
                          children: [
                            L(
                              `dt`,
                              { children: `Gateway` },
                              void 0,
                              !1,
                              { fileName: q, lineNumber: 79, columnNumber: 17 },
                              this,
                            ),
                            L(
                              `dd`,
                              {
                                children: L(
                                  `a`,
                                  { href: Dr([`device`, t.gateway]), children: t.gateway },
                                  void 0,
                                  !1,
                                  { fileName: q, lineNumber: 81, columnNumber: 19 },
                                  this,
                                ),
                              },
                              void 0,
                              !1,
                              { fileName: q, lineNumber: 80, columnNumber: 17 },
                              this,
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: q, lineNumber: 78, columnNumber: 15 },
                        this,
                      ),
                    t.location &&
                      L(
                        x,
                        {
                          children: [
                            L(
                              `dt`,
                              { children: `Location` },
                              void 0,
                              !1,
                              { fileName: q, lineNumber: 87, columnNumber: 17 },
                              this,
                            ),
                            L(
                              `dd`,
                              {
                                children: [
                                  t.location.latitude.toFixed(5),
                                  `, `,
                                  t.location.longitude.toFixed(5),
                                ],
                              },
                              void 0,
                              !0,
                              { fileName: q, lineNumber: 88, columnNumber: 17 },
                              this,
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: q, lineNumber: 86, columnNumber: 15 },
                        this,
                      ),
                    s.map(([e, t]) =>
                      L(
                        x,
                        {
                          children: [
                            L(
                              `dt`,
                              { children: e },
                              void 0,
                              !1,
                              { fileName: q, lineNumber: 95, columnNumber: 17 },
                              this,
                            ),
                            L(
                              `dd`,
                              { children: t },
                              void 0,
                              !1,
                              { fileName: q, lineNumber: 96, columnNumber: 17 },
                              this,
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: q, lineNumber: 94, columnNumber: 15 },
                        this,
                      ),
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: q, lineNumber: 76, columnNumber: 11 },
                this,
              ),
            },
            void 0,
            !1,
            { fileName: q, lineNumber: 75, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: q, lineNumber: 24, columnNumber: 5 },
    this,
  )
}
var hu = `/work/main/dashboard/src/device/range-bar.tsx`
function gu(e) {
  let { range: t, used: n, onRange: r } = e,
    { from: i, to: a } = ou(t)
  return L(
    `div`,
    {
      class: `toolbar`,
      role: `group`,
      'aria-label': `Range of time`,
      children: [
        L(
          `div`,
          {
            class: `segments`,
            children: nu.map(([e, n]) =>
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  'aria-pressed': t.kind === `last` && t.ms === n,
                  onClick: () => r({ kind: `last`, ms: n }),
                  children: e,
                },
                e,
                !1,
                { fileName: hu, lineNumber: 12, columnNumber: 11 },
                this,
              ),
            ),
          },
          void 0,
          !1,
          { fileName: hu, lineNumber: 10, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            class: `segments`,
            children: [
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  'aria-label': `Earlier`,
                  onClick: () => r(fu(t, -0.5)),
                  children: `◀`,
                },
                void 0,
                !1,
                { fileName: hu, lineNumber: 24, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  'aria-label': `Later`,
                  disabled: t.kind === `last`,
                  onClick: () => r(fu(t, 0.5)),
                  children: [` `, `▶`],
                },
                void 0,
                !0,
                { fileName: hu, lineNumber: 27, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  'aria-label': `Zoom in`,
                  onClick: () => r(du(t, 0.5)),
                  children: `+`,
                },
                void 0,
                !1,
                { fileName: hu, lineNumber: 37, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  'aria-label': `Zoom out`,
                  onClick: () => r(du(t, 2)),
                  children: `−`,
                },
                void 0,
                !1,
                { fileName: hu, lineNumber: 40, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                {
                  type: `button`,
                  class: `small`,
                  disabled: t.kind === `last`,
                  onClick: () => r({ kind: `last`, ms: a - i }),
                  children: `Back to now`,
                },
                void 0,
                !1,
                { fileName: hu, lineNumber: 43, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: hu, lineNumber: 23, columnNumber: 7 },
          this,
        ),
        L(
          `span`,
          {
            class: `muted range-text`,
            children: [Jn(i), ` to `, t.kind === `last` ? `now` : Jn(a), n !== void 0 && `, from ${n}`],
          },
          void 0,
          !0,
          { fileName: hu, lineNumber: 52, columnNumber: 7 },
          this,
        ),
        L(
          `span`,
          {
            class: `legend push`,
            'aria-hidden': `true`,
            children: [
              L(
                `span`,
                {
                  children: [
                    L(
                      `i`,
                      { class: `limit` },
                      void 0,
                      !1,
                      { fileName: hu, lineNumber: 58, columnNumber: 11 },
                      this,
                    ),
                    ` limits`,
                  ],
                },
                void 0,
                !0,
                { fileName: hu, lineNumber: 57, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                {
                  children: [
                    L(
                      `i`,
                      { class: `expected` },
                      void 0,
                      !1,
                      { fileName: hu, lineNumber: 61, columnNumber: 11 },
                      this,
                    ),
                    ` expected`,
                  ],
                },
                void 0,
                !0,
                { fileName: hu, lineNumber: 60, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                {
                  children: [
                    L(
                      `i`,
                      { class: `alarm` },
                      void 0,
                      !1,
                      { fileName: hu, lineNumber: 64, columnNumber: 11 },
                      this,
                    ),
                    ` alarm`,
                  ],
                },
                void 0,
                !0,
                { fileName: hu, lineNumber: 63, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                {
                  children: [
                    L(
                      `i`,
                      { class: `anomaly` },
                      void 0,
                      !1,
                      { fileName: hu, lineNumber: 67, columnNumber: 11 },
                      this,
                    ),
                    ` anomaly`,
                  ],
                },
                void 0,
                !0,
                { fileName: hu, lineNumber: 66, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: hu, lineNumber: 56, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: hu, lineNumber: 9, columnNumber: 5 },
    this,
  )
}
var J = `/work/main/dashboard/src/device/device-page.tsx`,
  _u = 6e5,
  vu = 9e5
function yu() {
  let e = Tr.value.parts[1]
  if (e === void 0)
    return L(
      br,
      {
        title: `No device is chosen`,
        children: L(
          `a`,
          { href: `#/devices`, children: `Choose one of the devices` },
          void 0,
          !1,
          { fileName: J, lineNumber: 28, columnNumber: 9 },
          this,
        ),
      },
      void 0,
      !1,
      { fileName: J, lineNumber: 27, columnNumber: 7 },
      this,
    )
  let t = Rt.value?.get(e)
  return t
    ? L(xu, { device: t }, e, !1, { fileName: J, lineNumber: 32, columnNumber: 19 }, this)
    : L(bu, { thing: e }, e, !1, { fileName: J, lineNumber: 32, columnNumber: 65 }, this)
}
function bu({ thing: e }) {
  let { problem: t, reload: n } = kn(e, async () => qt(e))
  return t
    ? L(yr, { problem: t, onRetry: n }, void 0, !1, { fileName: J, lineNumber: 38, columnNumber: 20 }, this)
    : L(Sr, { lines: 8 }, void 0, !1, { fileName: J, lineNumber: 38, columnNumber: 73 }, this)
}
function xu({ device: e }) {
  let { thing: t } = e,
    n = cu(Tr.value.query, _u),
    r = ou(n),
    i = su(n),
    a = (e) => kr(lu(e)),
    o = n.kind === `last`,
    s = o ? Math.min(3e5, Math.max(15e3, i / 100)) : void 0,
    { series: c } = tu([t], vu),
    { data: l, reload: u } = kn(t, async (e) => F(`/v1/devices/${Lt(t)}/latest`, { signal: e }), 1e4),
    d = [...new Set([...(l?.values ?? []).map(({ measure: e }) => e), ...c.measures(t)])]
      .filter((t) => Ut(e, t).kind !== `state`)
      .sort(),
    f = o ? `last ${i}` : `${r.from}-${r.to}`,
    p = kn(
      t,
      (e) => {
        let { from: r, to: i } = ou(n)
        return fl({ thing: t, measures: d, from: r, to: i, points: 1200 }, e)
      },
      s,
      `${d.join()} ${f}`,
    ),
    m = wu(t, n, f)
  De(u, [I.value])
  let h = new Map()
  for (let t of d) h.set(t, Tu(e, t, m.data ?? Cu, r))
  let g = new Map((l?.values ?? []).map((e) => [e.measure, e])),
    _ = Math.max(Bl(l ?? void 0), ...d.map((e) => c.points(t, e).at.at(-1) ?? 0))
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `toolbar device-head`,
            children: [
              L(
                `div`,
                {
                  children: [
                    L(
                      `h2`,
                      { class: `device-name`, children: t },
                      void 0,
                      !1,
                      { fileName: J, lineNumber: 88, columnNumber: 11 },
                      this,
                    ),
                    L(
                      `p`,
                      {
                        class: `muted`,
                        children: [e.type, e.site, e.trade].filter((e) => e !== void 0).join(` · `),
                      },
                      void 0,
                      !1,
                      { fileName: J, lineNumber: 89, columnNumber: 11 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: J, lineNumber: 87, columnNumber: 9 },
                this,
              ),
              L(
                `p`,
                {
                  children: [
                    L(
                      _r,
                      { presence: Vl(e, l ?? void 0) },
                      void 0,
                      !1,
                      { fileName: J, lineNumber: 94, columnNumber: 11 },
                      this,
                    ),
                    L(
                      `span`,
                      {
                        class: `muted`,
                        children: [
                          `, last reading `,
                          L(
                            vr,
                            { at: _ },
                            void 0,
                            !1,
                            { fileName: J, lineNumber: 96, columnNumber: 28 },
                            this,
                          ),
                        ],
                      },
                      void 0,
                      !0,
                      { fileName: J, lineNumber: 95, columnNumber: 11 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: J, lineNumber: 93, columnNumber: 9 },
                this,
              ),
              L(
                `p`,
                {
                  class: `push`,
                  children: L(
                    `a`,
                    { href: Dr([`devices`], { text: t }), children: `Registration and certificates` },
                    void 0,
                    !1,
                    { fileName: J, lineNumber: 100, columnNumber: 11 },
                    this,
                  ),
                },
                void 0,
                !1,
                { fileName: J, lineNumber: 99, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: J, lineNumber: 86, columnNumber: 7 },
          this,
        ),
        L(
          gu,
          { range: n, onRange: a, used: p.data?.used },
          void 0,
          !1,
          { fileName: J, lineNumber: 103, columnNumber: 7 },
          this,
        ),
        p.problem &&
          L(
            yr,
            { problem: p.problem, onRetry: p.reload },
            void 0,
            !1,
            { fileName: J, lineNumber: 104, columnNumber: 27 },
            this,
          ),
        L(
          `div`,
          {
            class: `columns device-columns`,
            children: [
              d.length === 0
                ? l
                  ? L(Du, { device: e }, void 0, !1, { fileName: J, lineNumber: 108, columnNumber: 13 }, this)
                  : L(Sr, { lines: 8 }, void 0, !1, { fileName: J, lineNumber: 110, columnNumber: 13 }, this)
                : L(
                    `div`,
                    {
                      class: `charts`,
                      children: d.map((s) => {
                        let l = c.points(t, s),
                          u = Eu(p.data?.series.get(s), l, o && i <= vu),
                          d = g.get(s),
                          f = d?.trendPerMinute
                        return L(
                          el,
                          {
                            title: dr(s),
                            unit: Ut(e, s).unit,
                            points: u,
                            bounds: r,
                            decoration: h.get(s) ?? {},
                            syncKey: `device`,
                            onSelect: (e, t) => a(uu(e, t)),
                            onZoom: (e) => a(du(n, e)),
                            onPan: (e) => a(fu(n, e)),
                            headline: {
                              value: l.mean.at(-1) ?? d?.value ?? null,
                              note: f != null && Math.abs(f) > 5e-4 * Math.abs(d?.value ?? 0) ? Su(f) : ``,
                            },
                          },
                          s,
                          !1,
                          { fileName: J, lineNumber: 120, columnNumber: 17 },
                          this,
                        )
                      }),
                    },
                    void 0,
                    !1,
                    { fileName: J, lineNumber: 113, columnNumber: 11 },
                    this,
                  ),
              L(
                mu,
                {
                  device: e,
                  alarms: m.data?.alarms ?? null,
                  anomalies: m.data?.anomalies ?? null,
                  onShow: (e) => a({ kind: `fixed`, from: e - 12e4, to: e + 12e4 }),
                },
                void 0,
                !1,
                { fileName: J, lineNumber: 145, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: J, lineNumber: 105, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: J, lineNumber: 85, columnNumber: 5 },
    this,
  )
}
var Su = (e) => `${e > 0 ? `▲` : `▼`} ${Number(Math.abs(e).toPrecision(2))}/min`,
  Cu = { alarms: [], anomalies: [] }
function wu(e, t, n) {
  return kn(
    e,
    async (n) => {
      let { from: r, to: i } = ou(t),
        [a, o] = await Promise.all([
          Ft(It(`/v1/alarms`, { thing: e, state: `all`, limit: 200 }), 400, n),
          F(
            It(`/v1/devices/${Lt(e)}/anomalies`, {
              from: Math.floor(Math.max(r, i - 31536e6)),
              to: Math.ceil(i) + 6e4,
              limit: 500,
            }),
            { signal: n },
          ),
        ])
      return { alarms: a.sort(xn), anomalies: o.items }
    },
    15e3,
    `${n} ${(I.value ?? [])
      .filter((t) => t.thing === e)
      .map(({ id: e, transitionAt: t, state: n }) => e + t + n)
      .join()}`,
  )
}
function Tu(e, t, { alarms: n, anomalies: r }, { from: i, to: a }) {
  let o = Ut(e, t),
    s = r.filter((e) => e.measure === t),
    c = n.filter(({ key: e }) => e === t),
    l = [
      ...s.map(({ at: e, expected: t }) => ({ from: e, expected: t })),
      ...c.map(({ raisedAt: e, why: t }) => ({ from: e, expected: t.expected ?? {} })),
    ]
      .filter(({ expected: { low: e, high: t } }) => e !== void 0 && t !== void 0)
      .filter(({ expected: { low: e, high: t } }) => e !== o.low || t !== o.high)
      .sort((e, t) => t.from - e.from)[0]?.expected
  return {
    limits: o,
    ...(l && { expected: [{ from: i, to: a, ...l }] }),
    marks: s.flatMap(({ at: e, observed: t }) => (t === null ? [] : [{ at: e, value: t }])),
    spans: c
      .map(({ raisedAt: e, clearedAt: t, severity: n }) => ({ from: e, to: t ?? Yt(), severity: n }))
      .filter((e) => e.to >= i && e.from <= a),
  }
}
function Eu(e, t, n) {
  if (!e) return n ? { ...t } : { at: [], mean: [] }
  let r = e.at.at(-1) ?? 0,
    i = n ? t.at.findIndex((e) => e > r) : -1
  return i < 0
    ? e
    : {
        at: [...e.at, ...t.at.slice(i)],
        mean: [...e.mean, ...t.mean.slice(i)],
        ...(e.min && { min: [...e.min, ...t.mean.slice(i)] }),
        ...(e.max && { max: [...e.max, ...t.mean.slice(i)] }),
      }
}
function Du({ device: e }) {
  return L(
    br,
    {
      title: `This device has not sent a reading yet`,
      children: [
        L(
          `p`,
          {
            children: [
              `It speaks MQTT with its own certificate on the topic below; the first reading appears here by itself. Its certificate is issued under `,
              L(
                `a`,
                { href: Dr([`devices`], { text: e.thing }), children: `Devices` },
                void 0,
                !1,
                { fileName: J, lineNumber: 234, columnNumber: 41 },
                this,
              ),
              `.`,
            ],
          },
          void 0,
          !0,
          { fileName: J, lineNumber: 232, columnNumber: 7 },
          this,
        ),
        L(
          `pre`,
          {
            children: [
              `dt/`,
              e.trade,
              `/`,
              e.thing,
              `/telemetry`,
              `
`,
              `{"at": ${Yt() - (Yt() % 1e3)}, "measures": {"temperature": 21.4}}`,
            ],
          },
          void 0,
          !0,
          { fileName: J, lineNumber: 236, columnNumber: 7 },
          this,
        ),
        L(
          `p`,
          {
            children: [
              `If it does send, look at the `,
              L(
                `a`,
                { href: Dr([`quarantine`], { client: e.thing }), children: `quarantine` },
                void 0,
                !1,
                { fileName: J, lineNumber: 241, columnNumber: 38 },
                this,
              ),
              `.`,
            ],
          },
          void 0,
          !0,
          { fileName: J, lineNumber: 240, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: J, lineNumber: 231, columnNumber: 5 },
    this,
  )
}
var Ou = `/work/main/dashboard/src/devices/issued.tsx`
function ku(e) {
  let { thing: t, trade: n, credential: r, onClose: i } = e,
    { certificatePem: a, privateKeyPem: o, caPem: s, endpoint: c, fingerprint: l } = r,
    [u, d] = N(!1),
    { hostname: f, port: p } = new URL(c.replace(/^mqtts:/, `https:`)),
    m = [
      [`${t}.key.pem`, o],
      [`${t}.cert.pem`, a],
      [`ca.pem`, s],
    ]
  return L(
    `div`,
    {
      class: `body stacked`,
      children: [
        L(
          `div`,
          {
            class: `note`,
            children: [
              L(
                `b`,
                { children: `Download the private key now.` },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 25, columnNumber: 9 },
                this,
              ),
              ` It is shown this once and kept nowhere; if it is lost, issue a new certificate.`,
            ],
          },
          void 0,
          !0,
          { fileName: Ou, lineNumber: 24, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            class: `buttons`,
            children: [
              L(
                `button`,
                {
                  type: `button`,
                  class: `primary`,
                  onClick: () => {
                    for (let [e, t] of m) In(e, t)
                    d(!0)
                  },
                  children: `Download key and certificates`,
                },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 29, columnNumber: 9 },
                this,
              ),
              m.map(([e, t]) =>
                L(
                  `button`,
                  {
                    type: `button`,
                    onClick: () => {
                      ;(In(e, t), t === o && d(!0))
                    },
                    children: e,
                  },
                  e,
                  !1,
                  { fileName: Ou, lineNumber: 40, columnNumber: 11 },
                  this,
                ),
              ),
            ],
          },
          void 0,
          !0,
          { fileName: Ou, lineNumber: 28, columnNumber: 7 },
          this,
        ),
        L(
          `dl`,
          {
            class: `facts`,
            children: [
              L(
                `dt`,
                { children: `Address` },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 53, columnNumber: 9 },
                this,
              ),
              L(`dd`, { children: c }, void 0, !1, { fileName: Ou, lineNumber: 54, columnNumber: 9 }, this),
              L(
                `dt`,
                { children: `Client id` },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 55, columnNumber: 9 },
                this,
              ),
              L(`dd`, { children: t }, void 0, !1, { fileName: Ou, lineNumber: 56, columnNumber: 9 }, this),
              L(
                `dt`,
                { children: `Fingerprint` },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 57, columnNumber: 9 },
                this,
              ),
              L(
                `dd`,
                {
                  children: L(
                    `code`,
                    { children: l },
                    void 0,
                    !1,
                    { fileName: Ou, lineNumber: 59, columnNumber: 11 },
                    this,
                  ),
                },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 58, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: Ou, lineNumber: 52, columnNumber: 7 },
          this,
        ),
        L(
          `p`,
          { class: `muted`, children: `To try it from a shell:` },
          void 0,
          !1,
          { fileName: Ou, lineNumber: 62, columnNumber: 7 },
          this,
        ),
        L(
          `pre`,
          {
            children: `mosquitto_pub -h ${f} -p ${p} -i ${t} -q 1 \\
  --cafile ca.pem --cert ${t}.cert.pem --key ${t}.key.pem \\
  -t dt/${n}/${t}/telemetry -m '{"at": '$(date +%s000)', "measures": {"temperature": 21.4}}'`,
          },
          void 0,
          !1,
          { fileName: Ou, lineNumber: 63, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            class: `buttons`,
            children: [
              L(
                `a`,
                {
                  class: `button`,
                  href: Dr([`device`, t]),
                  onClick: i,
                  children: `Watch for its first reading`,
                },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 69, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                { type: `button`, onClick: i, children: u ? `Done` : `Close without the key` },
                void 0,
                !1,
                { fileName: Ou, lineNumber: 72, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: Ou, lineNumber: 68, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: Ou, lineNumber: 23, columnNumber: 5 },
    this,
  )
}
var Au = `/work/main/dashboard/src/devices/credentials-dialog.tsx`
function ju({ thing: e, onClose: t }) {
  let n = `/v1/devices/${Lt(e)}/credentials`,
    { data: r, problem: i, reload: a } = kn(n, async (e) => F(n, { signal: e })),
    [o, s] = N(null),
    c = Fn(),
    l = Rt.value?.get(e)?.trade ?? `plant`
  if (o)
    return L(
      El,
      {
        title: `New certificate of ${e}`,
        onClose: t,
        children: L(
          ku,
          { thing: e, trade: l, credential: o, onClose: t },
          void 0,
          !1,
          { fileName: Au, lineNumber: 25, columnNumber: 9 },
          this,
        ),
      },
      void 0,
      !1,
      { fileName: Au, lineNumber: 24, columnNumber: 7 },
      this,
    )
  let u = (e) =>
    c.run(async () => {
      ;(await F(`${n}/${e}`, { method: `DELETE` }), a())
    })
  return L(
    El,
    {
      title: `Certificates of ${e}`,
      onClose: t,
      children: L(
        `div`,
        {
          class: `body stacked`,
          children: [
            L(
              `p`,
              {
                class: `muted`,
                children: `To rotate, issue a new certificate, put it on the device, then revoke the old one. Revoking cuts the device’s connection at once.`,
              },
              void 0,
              !1,
              { fileName: Au, lineNumber: 36, columnNumber: 9 },
              this,
            ),
            i &&
              L(
                yr,
                { problem: i, onRetry: a },
                void 0,
                !1,
                { fileName: Au, lineNumber: 40, columnNumber: 21 },
                this,
              ),
            c.problem &&
              L(
                yr,
                { problem: c.problem },
                void 0,
                !1,
                { fileName: Au, lineNumber: 41, columnNumber: 28 },
                this,
              ),
            !r &&
              !i &&
              L(Sr, { lines: 3 }, void 0, !1, { fileName: Au, lineNumber: 42, columnNumber: 31 }, this),
            r?.items.length === 0 &&
              L(
                br,
                { title: `It has no certificate and cannot connect yet` },
                void 0,
                !1,
                { fileName: Au, lineNumber: 43, columnNumber: 38 },
                this,
              ),
            r &&
              r.items.length > 0 &&
              L(
                gl,
                {
                  label: `Certificates of ${e}`,
                  items: r.items,
                  keyOf: ({ fingerprint: e }) => e,
                  columns: [
                    {
                      title: `Fingerprint`,
                      cell: ({ fingerprint: e }) =>
                        L(
                          `code`,
                          { title: e, children: [e.slice(0, 16), `…`] },
                          void 0,
                          !0,
                          { fileName: Au, lineNumber: 50, columnNumber: 66 },
                          this,
                        ),
                    },
                    { title: `Status`, cell: ({ status: e }) => e },
                    { title: `Valid until`, cell: ({ notAfter: e }) => qn(e) },
                    {
                      title: `Change`,
                      cell: ({ fingerprint: e, status: t }) =>
                        t === `active` &&
                        L(
                          `button`,
                          {
                            type: `button`,
                            class: `small`,
                            disabled: c.busy,
                            onClick: () => u(e),
                            children: `Revoke`,
                          },
                          void 0,
                          !1,
                          { fileName: Au, lineNumber: 57, columnNumber: 21 },
                          this,
                        ),
                    },
                  ],
                },
                void 0,
                !1,
                { fileName: Au, lineNumber: 45, columnNumber: 11 },
                this,
              ),
            L(
              `div`,
              {
                class: `buttons`,
                children: [
                  L(
                    `button`,
                    {
                      type: `button`,
                      class: `primary`,
                      disabled: c.busy,
                      onClick: () => c.run(async () => s(await F(n, { method: `POST`, body: {} }))),
                      children: `Issue a new certificate`,
                    },
                    void 0,
                    !1,
                    { fileName: Au, lineNumber: 71, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `button`,
                    { type: `button`, onClick: t, children: `Close` },
                    void 0,
                    !1,
                    { fileName: Au, lineNumber: 83, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Au, lineNumber: 70, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Au, lineNumber: 35, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Au, lineNumber: 34, columnNumber: 5 },
    this,
  )
}
var Y = `/work/main/dashboard/src/devices/register-dialog.tsx`
function Mu(e) {
  let { device: t, onClose: n, onChanged: r } = e,
    i = [...zt.value.values()],
    [a, o] = N(t?.type ?? i[0]?.name ?? ``),
    [s, c] = N(null),
    { busy: l, problem: u, run: d } = Fn(),
    f = i.find(({ name: e }) => e === a)?.trade ?? `plant`,
    p = (e) =>
      d(async () => {
        let i = t?.thing ?? Ln(e, `thing`).trim()
        if ((await F(`/v1/devices/${Lt(i)}`, { method: `PUT`, body: Pu(e, t, f, a) }), t === null)) {
          let e = await F(`/v1/devices/${Lt(i)}/credentials`, { method: `POST`, body: {} })
          c({ thing: i, credential: e })
        } else n()
        await r()
      }),
    m = () =>
      d(async () => {
        ;(await F(`/v1/devices/${Lt(t?.thing ?? ``)}`, { method: `DELETE` }), n(), await r())
      })
  return s
    ? L(
        El,
        {
          title: `${s.thing} is registered`,
          onClose: n,
          children: L(
            ku,
            { thing: s.thing, trade: f, credential: s.credential, onClose: n },
            void 0,
            !1,
            { fileName: Y, lineNumber: 46, columnNumber: 9 },
            this,
          ),
        },
        void 0,
        !1,
        { fileName: Y, lineNumber: 45, columnNumber: 7 },
        this,
      )
    : i.length === 0
      ? L(
          El,
          {
            title: `Register a device`,
            onClose: n,
            children: L(
              br,
              {
                title: `There is no device type yet`,
                children: [
                  `A device belongs to a type, which names its measures, units and limits. Add one under`,
                  ` `,
                  L(
                    `a`,
                    { href: `#/devices?tab=types`, children: `Types` },
                    void 0,
                    !1,
                    { fileName: Y, lineNumber: 54, columnNumber: 11 },
                    this,
                  ),
                  ` first.`,
                ],
              },
              void 0,
              !0,
              { fileName: Y, lineNumber: 52, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: Y, lineNumber: 51, columnNumber: 7 },
          this,
        )
      : L(
          El,
          {
            title: t ? `Edit ${t.thing}` : `Register a device`,
            onClose: n,
            children: L(
              `form`,
              {
                class: `body stacked`,
                onSubmit: (e) => {
                  ;(e.preventDefault(), p(new FormData(e.currentTarget)))
                },
                children: [
                  t === null &&
                    L(
                      Nn,
                      {
                        label: `Name`,
                        hint: `Letters, digits, _ : and -. It is the MQTT client id and cannot be changed.`,
                        children: L(
                          `input`,
                          {
                            name: `thing`,
                            required: !0,
                            maxLength: 128,
                            pattern: `[A-Za-z0-9_:\\-]+`,
                            autofocus: !0,
                            autocomplete: `off`,
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 72, columnNumber: 13 },
                          this,
                        ),
                      },
                      void 0,
                      !1,
                      { fileName: Y, lineNumber: 68, columnNumber: 11 },
                      this,
                    ),
                  L(
                    `div`,
                    {
                      class: `pair`,
                      children: [
                        L(
                          Nn,
                          {
                            label: `Type`,
                            hint: `Trade: ${f}`,
                            children: L(
                              `select`,
                              {
                                value: a,
                                onChange: (e) => o(e.currentTarget.value),
                                children: i.map(({ name: e }) =>
                                  L(
                                    `option`,
                                    { value: e, children: e },
                                    e,
                                    !1,
                                    { fileName: Y, lineNumber: 86, columnNumber: 17 },
                                    this,
                                  ),
                                ),
                              },
                              void 0,
                              !1,
                              { fileName: Y, lineNumber: 84, columnNumber: 13 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 83, columnNumber: 11 },
                          this,
                        ),
                        L(
                          Nn,
                          {
                            label: `Site`,
                            children: L(
                              `input`,
                              {
                                name: `site`,
                                list: `sites`,
                                maxLength: 64,
                                defaultValue: t?.site ?? ``,
                                autocomplete: `off`,
                              },
                              void 0,
                              !1,
                              { fileName: Y, lineNumber: 93, columnNumber: 13 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 92, columnNumber: 11 },
                          this,
                        ),
                        L(
                          Nn,
                          {
                            label: `Status`,
                            children: L(
                              `select`,
                              {
                                name: `status`,
                                defaultValue: t?.status ?? `active`,
                                children: [
                                  L(
                                    `option`,
                                    { value: `active`, children: `active` },
                                    void 0,
                                    !1,
                                    { fileName: Y, lineNumber: 103, columnNumber: 15 },
                                    this,
                                  ),
                                  L(
                                    `option`,
                                    { value: `suspended`, children: `suspended: refused until active again` },
                                    void 0,
                                    !1,
                                    { fileName: Y, lineNumber: 104, columnNumber: 15 },
                                    this,
                                  ),
                                  L(
                                    `option`,
                                    { value: `retired`, children: `retired` },
                                    void 0,
                                    !1,
                                    { fileName: Y, lineNumber: 105, columnNumber: 15 },
                                    this,
                                  ),
                                ],
                              },
                              void 0,
                              !0,
                              { fileName: Y, lineNumber: 102, columnNumber: 13 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 101, columnNumber: 11 },
                          this,
                        ),
                        L(
                          Nn,
                          {
                            label: `Gateway`,
                            hint: `Only if another device speaks for it.`,
                            children: L(
                              `input`,
                              {
                                name: `gateway`,
                                list: `gateways`,
                                defaultValue: t?.gateway ?? ``,
                                autocomplete: `off`,
                              },
                              void 0,
                              !1,
                              { fileName: Y, lineNumber: 109, columnNumber: 13 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 108, columnNumber: 11 },
                          this,
                        ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: Y, lineNumber: 82, columnNumber: 9 },
                    this,
                  ),
                  L(
                    Nn,
                    {
                      label: `Attributes`,
                      hint: `One a line, as name=value.`,
                      children: L(
                        `textarea`,
                        { name: `attributes`, rows: 3, defaultValue: Nu(t?.attributes ?? {}) },
                        void 0,
                        !1,
                        { fileName: Y, lineNumber: 113, columnNumber: 11 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: Y, lineNumber: 112, columnNumber: 9 },
                    this,
                  ),
                  L(
                    `datalist`,
                    {
                      id: `sites`,
                      children: Ht.value
                        .filter((e) => e !== ``)
                        .map((e) =>
                          L(
                            `option`,
                            { value: e },
                            e,
                            !1,
                            { fileName: Y, lineNumber: 119, columnNumber: 15 },
                            this,
                          ),
                        ),
                    },
                    void 0,
                    !1,
                    { fileName: Y, lineNumber: 115, columnNumber: 9 },
                    this,
                  ),
                  L(
                    `datalist`,
                    {
                      id: `gateways`,
                      children: [...(Rt.value?.values() ?? [])]
                        .filter((e) => e.trade === f)
                        .slice(0, 200)
                        .map(({ thing: e }) =>
                          L(
                            `option`,
                            { value: e },
                            e,
                            !1,
                            { fileName: Y, lineNumber: 127, columnNumber: 15 },
                            this,
                          ),
                        ),
                    },
                    void 0,
                    !1,
                    { fileName: Y, lineNumber: 122, columnNumber: 9 },
                    this,
                  ),
                  u &&
                    L(
                      yr,
                      { problem: u },
                      void 0,
                      !1,
                      { fileName: Y, lineNumber: 130, columnNumber: 21 },
                      this,
                    ),
                  L(
                    `div`,
                    {
                      class: `buttons`,
                      children: [
                        L(
                          `button`,
                          {
                            type: `submit`,
                            class: `primary`,
                            disabled: l,
                            children: t ? `Save` : `Register`,
                          },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 132, columnNumber: 11 },
                          this,
                        ),
                        L(
                          `button`,
                          { type: `button`, onClick: n, children: `Cancel` },
                          void 0,
                          !1,
                          { fileName: Y, lineNumber: 135, columnNumber: 11 },
                          this,
                        ),
                        t &&
                          L(
                            `button`,
                            {
                              type: `button`,
                              disabled: l,
                              onClick: m,
                              children: `Forget this device, keep its data`,
                            },
                            void 0,
                            !1,
                            { fileName: Y, lineNumber: 139, columnNumber: 13 },
                            this,
                          ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: Y, lineNumber: 131, columnNumber: 9 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Y, lineNumber: 60, columnNumber: 7 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: Y, lineNumber: 59, columnNumber: 5 },
          this,
        )
}
var Nu = (e) =>
  Object.entries(e).map(([e, t]) => `${e}=${t}`).join(`
`)
function Pu(e, t, n, r) {
  let i = (t) => Ln(e, t).trim(),
    a = i(`attributes`)
      .split(
        `
`,
      )
      .map((e) => e.split(/=(.*)/s).map((e) => e.trim()))
      .filter((e) => e[0] !== void 0 && e[0] !== ``)
      .map(([e, t]) => [e ?? ``, t ?? ``])
  return {
    trade: n,
    type: r,
    status: i(`status`),
    attributes: Object.fromEntries(a),
    ...(i(`site`) !== `` && { site: i(`site`) }),
    ...(i(`gateway`) !== `` && { gateway: i(`gateway`) }),
    ...(t?.location && { location: t.location }),
    ...(t?.measures && { measures: t.measures }),
  }
}
var Fu = `/work/main/dashboard/src/devices/types-tab.tsx`,
  Iu = `{
  "trade": "plant",
  "expectedIntervalMs": 1000,
  "measures": {
    "temperature": { "unit": "Cel", "low": -20, "high": 90, "severity": { "limit": "critical" } },
    "vibration": { "unit": "mm/s", "low": 0, "high": 7.1 }
  }
}`
function Lu() {
  let [e, t] = N(null),
    n = [...zt.value.values()].sort((e, t) => (e.name < t.name ? -1 : 1))
  return L(
    x,
    {
      children: [
        L(
          B,
          {
            title: `Device types`,
            actions: L(
              `button`,
              { type: `button`, class: `small`, onClick: () => t(`new`), children: `Add a type` },
              void 0,
              !1,
              { fileName: Fu, lineNumber: 29, columnNumber: 11 },
              this,
            ),
            children:
              n.length === 0
                ? L(
                    br,
                    {
                      title: `There is no type yet`,
                      children: `A type says what its devices measure: units, physical limits, and how urgent a breach is.`,
                    },
                    void 0,
                    !1,
                    { fileName: Fu, lineNumber: 35, columnNumber: 11 },
                    this,
                  )
                : L(
                    gl,
                    {
                      label: `Device types`,
                      items: n,
                      keyOf: ({ name: e }) => e,
                      columns: [
                        {
                          title: `Name`,
                          cell: ({ name: e }) =>
                            L(
                              `b`,
                              { children: e },
                              void 0,
                              !1,
                              { fileName: Fu, lineNumber: 44, columnNumber: 52 },
                              this,
                            ),
                        },
                        { title: `Trade`, cell: ({ trade: e }) => e },
                        {
                          title: `Measures and limits`,
                          cell: ({ measures: e }) =>
                            L(
                              `span`,
                              {
                                class: `muted`,
                                children: Object.entries(e)
                                  .map(([e, t]) => `${e}${Ru(t)}`)
                                  .join(`, `),
                              },
                              void 0,
                              !1,
                              { fileName: Fu, lineNumber: 49, columnNumber: 19 },
                              this,
                            ),
                          minor: !0,
                        },
                        {
                          title: `Sends`,
                          cell: ({ expectedIntervalMs: e }) => (e === void 0 ? `learned` : `every ${er(e)}`),
                          minor: !0,
                        },
                        { title: `Version`, cell: ({ version: e }) => e, numeric: !0 },
                        {
                          title: `Change`,
                          cell: (e) =>
                            L(
                              `button`,
                              {
                                type: `button`,
                                class: `small`,
                                'aria-label': `Edit ${e.name}`,
                                onClick: () => t(e),
                                children: `Edit`,
                              },
                              void 0,
                              !1,
                              { fileName: Fu, lineNumber: 62, columnNumber: 19 },
                              this,
                            ),
                        },
                      ],
                    },
                    void 0,
                    !1,
                    { fileName: Fu, lineNumber: 39, columnNumber: 11 },
                    this,
                  ),
          },
          void 0,
          !1,
          { fileName: Fu, lineNumber: 26, columnNumber: 7 },
          this,
        ),
        e &&
          L(
            zu,
            { type: e === `new` ? null : e, onClose: () => t(null) },
            void 0,
            !1,
            { fileName: Fu, lineNumber: 76, columnNumber: 18 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: Fu, lineNumber: 25, columnNumber: 5 },
    this,
  )
}
function Ru({ low: e, high: t, unit: n }) {
  let r = sr(n)
  return e === void 0 && t === void 0
    ? r === ``
      ? ``
      : ` (${r})`
    : ` (${e === void 0 ? `up to` : R(e)}${e !== void 0 && t !== void 0 ? ` to` : ``} ${t === void 0 ? `or more` : R(t)} ${r})`
}
function zu({ type: e, onClose: t }) {
  let { busy: n, problem: r, run: i } = Fn(),
    a = e ? JSON.stringify({ ...e, name: void 0, version: void 0 }, null, 2) : Iu,
    o = (n) =>
      i(async () => {
        ;(await F(`/v1/types/${Lt(e?.name ?? Ln(n, `name`).trim())}`, {
          method: `PUT`,
          body: Bu(Ln(n, `body`)),
        }),
          await Bt(),
          t())
      })
  return L(
    El,
    {
      title: e ? `Type ${e.name}` : `Add a device type`,
      onClose: t,
      children: L(
        `form`,
        {
          class: `body stacked`,
          onSubmit: (e) => {
            ;(e.preventDefault(), o(new FormData(e.currentTarget)))
          },
          children: [
            e === null &&
              L(
                Nn,
                {
                  label: `Name`,
                  children: L(
                    `input`,
                    { name: `name`, required: !0, maxLength: 64, autofocus: !0, autocomplete: `off` },
                    void 0,
                    !1,
                    { fileName: Fu, lineNumber: 108, columnNumber: 13 },
                    this,
                  ),
                },
                void 0,
                !1,
                { fileName: Fu, lineNumber: 107, columnNumber: 11 },
                this,
              ),
            L(
              Nn,
              {
                label: `Definition`,
                hint: `Units are UCUM codes. It holds for records received a moment after it is saved. ${e ? `This is version ${ar(e.version, `of this type`, `of this type`)}` : ``}`,
                children: L(
                  `textarea`,
                  { name: `body`, class: `code`, spellcheck: !1, defaultValue: a },
                  void 0,
                  !1,
                  { fileName: Fu, lineNumber: 115, columnNumber: 11 },
                  this,
                ),
              },
              void 0,
              !1,
              { fileName: Fu, lineNumber: 111, columnNumber: 9 },
              this,
            ),
            r && L(yr, { problem: r }, void 0, !1, { fileName: Fu, lineNumber: 117, columnNumber: 21 }, this),
            L(
              `div`,
              {
                class: `buttons`,
                children: [
                  L(
                    `button`,
                    { type: `submit`, class: `primary`, disabled: n, children: `Save` },
                    void 0,
                    !1,
                    { fileName: Fu, lineNumber: 119, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `button`,
                    { type: `button`, onClick: t, children: `Cancel` },
                    void 0,
                    !1,
                    { fileName: Fu, lineNumber: 122, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Fu, lineNumber: 118, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Fu, lineNumber: 99, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Fu, lineNumber: 98, columnNumber: 5 },
    this,
  )
}
function Bu(e) {
  try {
    return JSON.parse(e)
  } catch (e) {
    throw new wt(`bad_json`, 400, `the definition is not valid JSON`, e instanceof Error ? e.message : ``)
  }
}
var X = `/work/main/dashboard/src/devices/devices-page.tsx`,
  Vu = [
    [``, `All trades`],
    [`plant`, `Plant`],
    [`fleet`, `Fleet`],
    [`building`, `Building`],
  ],
  Hu = 100
function Uu() {
  let { query: e } = Tr.value,
    t = e.get(`tab`) ?? `devices`
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `toolbar`,
            children: [
              L(
                `div`,
                {
                  class: `tabs`,
                  role: `tablist`,
                  'aria-label': `Registry`,
                  children: [
                    [`devices`, `Devices`],
                    [`types`, `Types`],
                  ].map(([e, n]) =>
                    L(
                      `button`,
                      {
                        type: `button`,
                        role: `tab`,
                        'aria-selected': t === e,
                        onClick: () => kr({ tab: e ?? null }),
                        children: n,
                      },
                      e,
                      !1,
                      { fileName: X, lineNumber: 34, columnNumber: 13 },
                      this,
                    ),
                  ),
                },
                void 0,
                !1,
                { fileName: X, lineNumber: 29, columnNumber: 9 },
                this,
              ),
              t === `devices` &&
                L(Wu, {}, void 0, !1, { fileName: X, lineNumber: 45, columnNumber: 31 }, this),
            ],
          },
          void 0,
          !0,
          { fileName: X, lineNumber: 28, columnNumber: 7 },
          this,
        ),
        t === `types`
          ? L(Lu, {}, void 0, !1, { fileName: X, lineNumber: 47, columnNumber: 26 }, this)
          : L(Gu, {}, void 0, !1, { fileName: X, lineNumber: 47, columnNumber: 41 }, this),
      ],
    },
    void 0,
    !0,
    { fileName: X, lineNumber: 27, columnNumber: 5 },
    this,
  )
}
function Wu() {
  let { query: e } = Tr.value
  return L(
    x,
    {
      children: [
        L(
          `label`,
          {
            class: `choice`,
            children: [
              L(
                `span`,
                { children: `Name, type or attribute` },
                void 0,
                !1,
                { fileName: X, lineNumber: 57, columnNumber: 9 },
                this,
              ),
              L(
                `input`,
                {
                  type: `search`,
                  value: e.get(`text`) ?? ``,
                  onInput: (e) => kr({ text: e.currentTarget.value }),
                },
                void 0,
                !1,
                { fileName: X, lineNumber: 58, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: X, lineNumber: 56, columnNumber: 7 },
          this,
        ),
        L(
          Pn,
          { label: `Trade`, value: e.get(`trade`) ?? ``, options: Vu, onChange: (e) => kr({ trade: e }) },
          void 0,
          !1,
          { fileName: X, lineNumber: 64, columnNumber: 7 },
          this,
        ),
        L(
          Pn,
          {
            label: `Site`,
            value: e.get(`site`) ?? ``,
            options: [[``, `All sites`], ...Ht.value.filter((e) => e !== ``).map((e) => [e, e])],
            onChange: (e) => kr({ site: e }),
          },
          void 0,
          !1,
          { fileName: X, lineNumber: 70, columnNumber: 7 },
          this,
        ),
        L(
          `button`,
          {
            type: `button`,
            class: `primary push`,
            onClick: () => kr({ register: `1` }),
            children: `Register a device`,
          },
          void 0,
          !1,
          { fileName: X, lineNumber: 76, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: X, lineNumber: 55, columnNumber: 5 },
    this,
  )
}
function Gu() {
  let { query: e } = Tr.value,
    t = { text: e.get(`text`), trade: e.get(`trade`), site: e.get(`site`) },
    [n, r] = N(null),
    [i, a] = N(null),
    [o, s] = N(Hu),
    c = It(`/v1/devices`, { ...t, limit: o }),
    {
      data: l,
      problem: u,
      loading: d,
      reload: f,
    } = kn(c, async (e) => {
      let t = await F(c, { signal: e }),
        n = t.items.map(({ thing: e }) => e).slice(0, 150)
      return { page: t, latest: n.length > 0 ? await zl(`?things=${n.map(Lt).join()}`, e) : new Map() }
    }),
    p = async () => {
      ;(f(), await Bt())
    },
    m = e.get(`register`) !== null
  return L(
    x,
    {
      children: [
        u &&
          L(
            yr,
            { problem: u, onRetry: f },
            void 0,
            !1,
            { fileName: X, lineNumber: 103, columnNumber: 19 },
            this,
          ),
        L(
          B,
          {
            title: `Devices`,
            actions: L(
              `span`,
              { class: `muted`, children: Rt.value ? `${Rt.value.size} registered` : `` },
              void 0,
              !1,
              { fileName: X, lineNumber: 106, columnNumber: 18 },
              this,
            ),
            children:
              d && !l
                ? L(Sr, { lines: 6 }, void 0, !1, { fileName: X, lineNumber: 109, columnNumber: 11 }, this)
                : l && l.page.items.length > 0
                  ? L(
                      x,
                      {
                        children: [
                          L(
                            gl,
                            {
                              label: `Devices`,
                              items: l.page.items,
                              keyOf: ({ thing: e }) => e,
                              columns: [
                                {
                                  title: `Name`,
                                  cell: ({ thing: e }) =>
                                    L(
                                      `a`,
                                      { href: Dr([`device`, e]), children: e },
                                      void 0,
                                      !1,
                                      { fileName: X, lineNumber: 117, columnNumber: 55 },
                                      this,
                                    ),
                                },
                                { title: `Type`, cell: ({ type: e }) => e },
                                { title: `Trade`, cell: ({ trade: e }) => e, minor: !0 },
                                {
                                  title: `Site`,
                                  cell: ({ site: e }) =>
                                    e ??
                                    L(
                                      `span`,
                                      { class: `muted`, children: `none` },
                                      void 0,
                                      !1,
                                      { fileName: X, lineNumber: 120, columnNumber: 62 },
                                      this,
                                    ),
                                  minor: !0,
                                },
                                {
                                  title: `Status`,
                                  cell: (e) =>
                                    L(
                                      _r,
                                      { presence: Vl(e, l.latest.get(e.thing)) },
                                      void 0,
                                      !1,
                                      { fileName: X, lineNumber: 121, columnNumber: 54 },
                                      this,
                                    ),
                                },
                                {
                                  title: `Last reading`,
                                  cell: ({ thing: e }) =>
                                    L(
                                      vr,
                                      { at: Bl(l.latest.get(e)) },
                                      void 0,
                                      !1,
                                      { fileName: X, lineNumber: 122, columnNumber: 63 },
                                      this,
                                    ),
                                  numeric: !0,
                                  minor: !0,
                                },
                                {
                                  title: `Change`,
                                  cell: (e) =>
                                    L(
                                      `span`,
                                      {
                                        class: `buttons`,
                                        children: [
                                          L(
                                            `button`,
                                            {
                                              type: `button`,
                                              class: `small`,
                                              'aria-label': `Edit ${e.thing}`,
                                              onClick: () => r(e),
                                              children: [` `, `Edit`],
                                            },
                                            void 0,
                                            !0,
                                            { fileName: X, lineNumber: 127, columnNumber: 23 },
                                            this,
                                          ),
                                          L(
                                            `button`,
                                            {
                                              type: `button`,
                                              class: `small`,
                                              'aria-label': `Certificates of ${e.thing}`,
                                              onClick: () => a(e.thing),
                                              children: [` `, `Certificates`],
                                            },
                                            void 0,
                                            !0,
                                            { fileName: X, lineNumber: 137, columnNumber: 23 },
                                            this,
                                          ),
                                        ],
                                      },
                                      void 0,
                                      !0,
                                      { fileName: X, lineNumber: 126, columnNumber: 21 },
                                      this,
                                    ),
                                },
                              ],
                            },
                            void 0,
                            !1,
                            { fileName: X, lineNumber: 112, columnNumber: 13 },
                            this,
                          ),
                          l.page.next !== null &&
                            L(
                              `p`,
                              {
                                class: `body`,
                                children: L(
                                  `button`,
                                  {
                                    type: `button`,
                                    onClick: () => s(Math.min(1e3, o + 300)),
                                    children: `Show more`,
                                  },
                                  void 0,
                                  !1,
                                  { fileName: X, lineNumber: 154, columnNumber: 17 },
                                  this,
                                ),
                              },
                              void 0,
                              !1,
                              { fileName: X, lineNumber: 153, columnNumber: 15 },
                              this,
                            ),
                        ],
                      },
                      void 0,
                      !0,
                      { fileName: X, lineNumber: 111, columnNumber: 11 },
                      this,
                    )
                  : L(
                      br,
                      {
                        title: Rt.value?.size === 0 ? `No device is registered yet` : `No device matches`,
                        children:
                          Rt.value?.size === 0
                            ? `Add a type first, under Types, then register a device of it: you get its certificate and the address to send to.`
                            : `Change the filter above, or register the device.`,
                      },
                      void 0,
                      !1,
                      { fileName: X, lineNumber: 161, columnNumber: 11 },
                      this,
                    ),
          },
          void 0,
          !1,
          { fileName: X, lineNumber: 104, columnNumber: 7 },
          this,
        ),
        (m || n) &&
          L(
            Mu,
            {
              device: n,
              onClose: () => {
                ;(r(null), kr({ register: null }))
              },
              onChanged: p,
            },
            void 0,
            !1,
            { fileName: X, lineNumber: 169, columnNumber: 9 },
            this,
          ),
        i !== null &&
          L(
            ju,
            { thing: i, onClose: () => a(null) },
            void 0,
            !1,
            { fileName: X, lineNumber: 178, columnNumber: 26 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: X, lineNumber: 102, columnNumber: 5 },
    this,
  )
}
var Ku = (function () {
    let e = typeof document < `u` && document.createElement(`link`).relList
    return e && e.supports && e.supports(`modulepreload`) ? `modulepreload` : `preload`
  })(),
  qu = function (e, t) {
    return new URL(e, t).href
  },
  Ju = {},
  Yu = function (e) {
    return e.pathname.endsWith(`.css`)
  },
  Xu = function (e, t, n) {
    if (t in e) return e[t]
    let r = n()
    if (!r) {
      e[t] = void 0
      return
    }
    let i = r.then(
      () => {
        e[t] = void 0
      },
      (n) => {
        throw ((e[t] = void 0), n)
      },
    )
    return ((e[t] = i), i)
  },
  Zu = function (e, t, n) {
    let r = Promise.resolve()
    if (t && t.length > 0) {
      let e,
        i = document.querySelector(`meta[property=csp-nonce]`),
        a = i?.nonce || i?.getAttribute(`nonce`)
      function o(e) {
        return Promise.all(
          e.map((e) =>
            Promise.resolve(e).then(
              (e) => ({ status: `fulfilled`, value: e }),
              (e) => ({ status: `rejected`, reason: e }),
            ),
          ),
        )
      }
      function s(e) {
        return import.meta.resolve ? new URL(import.meta.resolve(e)) : new URL(e, import.meta.url)
      }
      r = o(
        t
          .map((t) => {
            t = qu(t, n)
            let r = s(t),
              i = Yu(r)
            return Xu(Ju, r.href, () => {
              if (e === void 0) {
                e = { all: new Set(), styles: new Set() }
                let t = document.getElementsByTagName(`link`)
                for (let n = t.length - 1; n >= 0; n--) {
                  let r = t[n]
                  ;(e.all.add(r.href), r.rel === `stylesheet` && e.styles.add(r.href))
                }
              }
              if ((i ? e.styles : e.all).has(r.href)) return
              let t = document.createElement(`link`)
              if (
                ((t.rel = i ? `stylesheet` : Ku),
                i || (t.as = `script`),
                (t.crossOrigin = ``),
                (t.href = r.href),
                a && t.setAttribute(`nonce`, a),
                document.head.appendChild(t),
                i)
              )
                return new Promise((e, n) => {
                  let i = (a) => {
                    ;(t.removeEventListener(`load`, i),
                      t.removeEventListener(`error`, i),
                      a.type === `error` ? n(Error(`Unable to preload CSS for ${r}`)) : e(a))
                  }
                  ;(t.addEventListener(`load`, i), t.addEventListener(`error`, i))
                })
            })
          })
          .filter((e) => e !== void 0),
      )
    }
    function i(e) {
      let t = new Event(`vite:preloadError`, { cancelable: !0 })
      if (((t.payload = e), window.dispatchEvent(t), !t.defaultPrevented)) throw e
    }
    return r.then((t) => {
      for (let e of t || []) e.status === `rejected` && i(e.reason)
      return e().catch(i)
    })
  },
  Qu = `/work/main/dashboard/src/fleet/fleet-map.tsx`
function $u(e) {
  let { vehicles: t, track: n, selected: r } = e,
    i = ke(null),
    a = ke(null),
    o = ke(e)
  o.current = e
  let s = ke(!1),
    [c, l] = N(``),
    u = Pr.value
  De(() => {
    let e = !1
    if (!ed()) l(`This browser draws no maps: WebGL is turned off or missing.`)
    else
      return (
        Zu(
          async () => {
            let { openMap: e } = await import(`./map-view-C2Ebrj0B.js`)
            return { openMap: e }
          },
          __vite__mapDeps([0, 1]),
          import.meta.url,
        )
          .then(({ openMap: t }) => {
            !e &&
              i.current &&
              ((a.current = t(i.current, (e) => o.current.onVehicle(e))),
              a.current.show(o.current.vehicles),
              a.current.track(o.current.track),
              d())
          })
          .catch((e) => l(e instanceof Error ? e.message : String(e))),
        () => {
          ;((e = !0), a.current?.close(), (a.current = null))
        }
      )
  }, [u])
  function d() {
    !s.current &&
      a.current &&
      o.current.vehicles.some(({ place: e }) => e) &&
      ((s.current = !0), a.current.fit(o.current.vehicles))
  }
  return (
    De(() => {
      ;(a.current?.show(t), d())
    }, [t]),
    De(() => a.current?.track(n), [n]),
    De(() => {
      r?.place && a.current?.goTo(r.place.longitude, r.place.latitude)
    }, [r?.device.thing]),
    L(
      `div`,
      {
        ref: i,
        class: `map`,
        role: `region`,
        'aria-label': `Map of the fleet; the list beside it says the same`,
        children:
          c !== `` &&
          L(
            br,
            { title: `The map cannot be drawn`, children: [c, ` The list beside it shows every vehicle.`] },
            void 0,
            !0,
            { fileName: Qu, lineNumber: 70, columnNumber: 9 },
            this,
          ),
      },
      void 0,
      !1,
      { fileName: Qu, lineNumber: 63, columnNumber: 5 },
      this,
    )
  )
}
function ed() {
  return document.createElement(`canvas`).getContext(`webgl2`) !== null
}
var Z = `/work/main/dashboard/src/fleet/vehicle-detail.tsx`,
  td = 864e5
function nd({ vehicle: e }) {
  let { device: t, place: n, speedKmh: r, fuelPercent: i, at: a, presence: o } = e,
    { thing: s } = t,
    c = Cn.value.get(s),
    {
      data: l,
      problem: u,
      reload: d,
    } = kn(
      `trips ${s}`,
      async (e) => {
        let t = { thing: s, from: Yt() - 2 * td, to: Yt() + 6e4 },
          n = [Ml.trip, Ml.refuel, Ml.drain, Ml.harsh, Ml.tripRisk],
          [r = [], i = [], a = [], o = [], c = []] = await Promise.all(n.map(async (n) => Nl(n, t, e, 1e3)))
        return {
          trips: r.reverse(),
          fuel: [...i, ...a].sort((e, t) => t.at - e.at),
          harsh: o,
          risk: c.at(-1),
        }
      },
      3e4,
    )
  return L(
    `div`,
    {
      class: `stack`,
      children: [
        L(
          B,
          {
            title: s,
            actions: L(
              `a`,
              { href: `#/fleet`, 'aria-label': `Back to all vehicles`, children: `✕` },
              void 0,
              !1,
              { fileName: Z, lineNumber: 40, columnNumber: 11 },
              this,
            ),
            children: L(
              `div`,
              {
                class: `body stack`,
                children: [
                  c &&
                    L(
                      `p`,
                      {
                        children: [
                          L(
                            mr,
                            { severity: c.severity },
                            void 0,
                            !1,
                            { fileName: Z, lineNumber: 48, columnNumber: 15 },
                            this,
                          ),
                          ` `,
                          L(
                            `a`,
                            { href: Dr([`alarms`, c.id]), children: cr(c.why.text) },
                            void 0,
                            !1,
                            { fileName: Z, lineNumber: 49, columnNumber: 15 },
                            this,
                          ),
                        ],
                      },
                      void 0,
                      !0,
                      { fileName: Z, lineNumber: 47, columnNumber: 13 },
                      this,
                    ),
                  L(
                    `dl`,
                    {
                      class: `facts`,
                      children: [
                        L(
                          `dt`,
                          { children: `State` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 53, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          {
                            children: [
                              L(
                                _r,
                                { presence: o },
                                void 0,
                                !1,
                                { fileName: Z, lineNumber: 55, columnNumber: 15 },
                                this,
                              ),
                              `, `,
                              L(
                                vr,
                                { at: a },
                                void 0,
                                !1,
                                { fileName: Z, lineNumber: 55, columnNumber: 53 },
                                this,
                              ),
                            ],
                          },
                          void 0,
                          !0,
                          { fileName: Z, lineNumber: 54, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `Speed` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 57, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: r === null ? `not reported` : `${Math.round(r)} km/h` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 58, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `Fuel` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 59, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: i === null ? `not reported` : `${Math.round(i)} %` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 60, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `Position` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 61, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          {
                            children: n ? `${n.latitude.toFixed(5)}, ${n.longitude.toFixed(5)}` : `none yet`,
                          },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 62, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dt`,
                          { children: `Driver’s risk` },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 63, columnNumber: 13 },
                          this,
                        ),
                        L(
                          `dd`,
                          { children: ad(l?.risk) },
                          void 0,
                          !1,
                          { fileName: Z, lineNumber: 64, columnNumber: 13 },
                          this,
                        ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: Z, lineNumber: 52, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `p`,
                    {
                      children: L(
                        `a`,
                        { href: Dr([`device`, s]), children: `All measures and history` },
                        void 0,
                        !1,
                        { fileName: Z, lineNumber: 67, columnNumber: 13 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: Z, lineNumber: 66, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Z, lineNumber: 45, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: Z, lineNumber: 37, columnNumber: 7 },
          this,
        ),
        u &&
          L(
            yr,
            { problem: u, onRetry: d },
            void 0,
            !1,
            { fileName: Z, lineNumber: 71, columnNumber: 19 },
            this,
          ),
        L(
          B,
          {
            title: `Trips of the last two days`,
            children: l
              ? l.trips.length === 0
                ? L(
                    br,
                    {
                      title: `No trip was seen`,
                      children: `A trip begins when the vehicle has moved 30 m and ends when it stands for ten minutes or falls silent.`,
                    },
                    void 0,
                    !1,
                    { fileName: Z, lineNumber: 76, columnNumber: 11 },
                    this,
                  )
                : L(
                    `ul`,
                    {
                      class: `entries`,
                      children: l.trips
                        .slice(0, 12)
                        .map((e) =>
                          L(
                            `li`,
                            {
                              children: [
                                L(
                                  `span`,
                                  {
                                    children: [
                                      e.value.open === !0
                                        ? `under way`
                                        : `${R(rd(e))} km in ${er(e.until - e.at)}`,
                                      L(
                                        `span`,
                                        { class: `muted`, children: id(l.harsh, e) },
                                        void 0,
                                        !1,
                                        { fileName: Z, lineNumber: 88, columnNumber: 19 },
                                        this,
                                      ),
                                    ],
                                  },
                                  void 0,
                                  !0,
                                  { fileName: Z, lineNumber: 84, columnNumber: 17 },
                                  this,
                                ),
                                L(
                                  `a`,
                                  {
                                    href: Dr([`device`, s], {
                                      from: String(e.at - 6e4),
                                      to: String(e.until + 6e4),
                                    }),
                                    children: Yn(e.at),
                                  },
                                  void 0,
                                  !1,
                                  { fileName: Z, lineNumber: 90, columnNumber: 17 },
                                  this,
                                ),
                              ],
                            },
                            e.key,
                            !0,
                            { fileName: Z, lineNumber: 83, columnNumber: 15 },
                            this,
                          ),
                        ),
                    },
                    void 0,
                    !1,
                    { fileName: Z, lineNumber: 81, columnNumber: 11 },
                    this,
                  )
              : L(Sr, { lines: 3 }, void 0, !1, { fileName: Z, lineNumber: 74, columnNumber: 11 }, this),
          },
          void 0,
          !1,
          { fileName: Z, lineNumber: 72, columnNumber: 7 },
          this,
        ),
        l &&
          l.fuel.length > 0 &&
          L(
            B,
            {
              title: `Refuels and drains`,
              children: L(
                `ul`,
                {
                  class: `entries`,
                  children: l.fuel
                    .slice(0, 8)
                    .map((e) =>
                      L(
                        `li`,
                        {
                          children: [
                            L(
                              `span`,
                              { children: [e.type, `, `, R(Pl(e, `litres`)), ` L`] },
                              void 0,
                              !0,
                              { fileName: Z, lineNumber: 108, columnNumber: 17 },
                              this,
                            ),
                            L(
                              `span`,
                              { class: `muted`, children: Yn(e.at) },
                              void 0,
                              !1,
                              { fileName: Z, lineNumber: 111, columnNumber: 17 },
                              this,
                            ),
                          ],
                        },
                        `${e.type} ${e.key}`,
                        !0,
                        { fileName: Z, lineNumber: 107, columnNumber: 15 },
                        this,
                      ),
                    ),
                },
                void 0,
                !1,
                { fileName: Z, lineNumber: 105, columnNumber: 11 },
                this,
              ),
            },
            void 0,
            !1,
            { fileName: Z, lineNumber: 104, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: Z, lineNumber: 36, columnNumber: 5 },
    this,
  )
}
var rd = (e) => {
  let t = Pl(e, `distanceM`)
  return t === null ? null : Math.round(t / 100) / 10
}
function id(e, { at: t, until: n }) {
  let r = e.filter((e) => e.at >= t && e.at <= n).length
  return r === 0 ? `` : `, ${r} harsh`
}
function ad(e) {
  let t = Pl(e, `risk`) ?? Pl(e, `value`)
  if (t === null) return `not rated yet: it needs driving at 1 Hz, or an accelerometer`
  let n = Ll(e, `reasons`).filter((e) => typeof e === `string`),
    r = Fl(e, `driver`)
  return `${Math.round(t * 100)} of 100${r === null ? `` : ` (${r})`}${n.length > 0 ? `: ${n.join(`, `)}` : ``}`
}
var od = 3
function sd(e, t) {
  let n = (e) => t?.values.find((t) => t.measure === e)?.value ?? null,
    [r, i] = [n(`latitude`), n(`longitude`)],
    a = n(`speed`),
    o = Vl(e, t),
    s = Cn.value.get(e.thing)
  return {
    device: e,
    place: r === null || i === null ? null : { latitude: r, longitude: i },
    speedKmh: a,
    fuelPercent: n(`fuelLevel`),
    at: Bl(t),
    presence: o,
    tone: s?.severity ?? (o === `reporting` ? ((a ?? 0) > od ? `moving` : `standing`) : `silent`),
  }
}
var cd = `/work/main/dashboard/src/fleet/fleet-page.tsx`,
  ld = 2e3,
  ud = 36e5,
  dd = 60
function fd() {
  let { parts: e, query: t } = Tr.value,
    n = e[1],
    r = (t.get(`text`) ?? ``).toLowerCase(),
    { data: i, problem: a, reload: o } = kn(`fleet`, (e) => zl(`?trade=fleet`, e), ld),
    s = Rt.value,
    c = Cn.value,
    l = Ae(
      () =>
        [...(s?.values() ?? [])].filter(({ trade: e }) => e === `fleet`).map((e) => sd(e, i?.get(e.thing))),
      [s, i, c],
    ),
    u = md(n)
  if (l.length === 0)
    return L(
      br,
      {
        title: `No vehicle is registered yet`,
        children: [
          L(
            `a`,
            { href: `#/devices?register=`, children: `Register one` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 43, columnNumber: 9 },
            this,
          ),
          ` with a type of the trade fleet. It shows here with its first `,
          L(
            `code`,
            { children: `latitude` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 44, columnNumber: 15 },
            this,
          ),
          ` and `,
          L(
            `code`,
            { children: `longitude` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 44, columnNumber: 41 },
            this,
          ),
          `; `,
          L(
            `code`,
            { children: `speed` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 44, columnNumber: 65 },
            this,
          ),
          `, `,
          L(
            `code`,
            { children: `fuelLevel` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 44, columnNumber: 85 },
            this,
          ),
          ` and`,
          ` `,
          L(
            `code`,
            { children: `driver` },
            void 0,
            !1,
            { fileName: cd, lineNumber: 45, columnNumber: 9 },
            this,
          ),
          ` add to it.`,
        ],
      },
      void 0,
      !0,
      { fileName: cd, lineNumber: 42, columnNumber: 7 },
      this,
    )
  let d = l.find(({ device: e }) => e.thing === n),
    f = l.filter(({ tone: e, speedKmh: t }) => e !== `silent` && (t ?? 0) > 3).length,
    p = l.filter(({ device: e }) => c.has(e.thing)),
    m = l.filter(({ fuelPercent: e }) => e !== null && e < 20).length,
    h = l
      .filter(({ device: e }) => `${e.thing} ${e.site ?? ``} ${e.type}`.toLowerCase().includes(r))
      .sort((e, t) => Number(c.has(t.device.thing)) - Number(c.has(e.device.thing)))
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `tiles`,
            children: [
              L(
                xr,
                {
                  label: `Vehicles`,
                  value: z(l.length),
                  note: `${z(l.filter((e) => e.place).length)} with a position`,
                },
                void 0,
                !1,
                { fileName: cd, lineNumber: 60, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                { label: `Moving`, value: i ? z(f) : `–`, note: `faster than 3 km/h` },
                void 0,
                !1,
                { fileName: cd, lineNumber: 65, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                { label: `With an alarm`, value: z(p.length), href: `#/alarms` },
                void 0,
                !1,
                { fileName: cd, lineNumber: 66, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                { label: `Fuel below 20 %`, value: i ? z(m) : `–` },
                void 0,
                !1,
                { fileName: cd, lineNumber: 67, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: cd, lineNumber: 59, columnNumber: 7 },
          this,
        ),
        a &&
          L(
            yr,
            { problem: a, onRetry: o },
            void 0,
            !1,
            { fileName: cd, lineNumber: 69, columnNumber: 19 },
            this,
          ),
        L(
          `div`,
          {
            class: `columns`,
            children: [
              L(
                B,
                {
                  title: `Map`,
                  actions: L(
                    `span`,
                    { class: `muted`, children: [`every `, ld / 1e3, ` s; click a cluster to look closer`] },
                    void 0,
                    !0,
                    { fileName: cd, lineNumber: 73, columnNumber: 20 },
                    this,
                  ),
                  children: L(
                    $u,
                    { vehicles: l, track: u, selected: d, onVehicle: (e) => Or([`fleet`, e]) },
                    void 0,
                    !1,
                    { fileName: cd, lineNumber: 75, columnNumber: 11 },
                    this,
                  ),
                },
                void 0,
                !1,
                { fileName: cd, lineNumber: 71, columnNumber: 9 },
                this,
              ),
              d
                ? L(nd, { vehicle: d }, void 0, !1, { fileName: cd, lineNumber: 83, columnNumber: 11 }, this)
                : L(
                    B,
                    {
                      title: `Vehicles`,
                      actions: L(
                        `input`,
                        {
                          type: `search`,
                          'aria-label': `Find a vehicle`,
                          placeholder: `Find`,
                          value: t.get(`text`) ?? ``,
                          onInput: (e) => kr({ text: e.currentTarget.value }),
                        },
                        void 0,
                        !1,
                        { fileName: cd, lineNumber: 88, columnNumber: 15 },
                        this,
                      ),
                      children: [
                        i
                          ? L(
                              gl,
                              {
                                label: `Vehicles`,
                                items: h.slice(0, dd),
                                keyOf: ({ device: e }) => e.thing,
                                columns: [
                                  {
                                    title: `Vehicle`,
                                    cell: ({ device: e }) => {
                                      let t = c.get(e.thing)
                                      return L(
                                        x,
                                        {
                                          children: [
                                            t &&
                                              L(
                                                mr,
                                                { severity: t.severity, bare: !0 },
                                                void 0,
                                                !1,
                                                { fileName: cd, lineNumber: 111, columnNumber: 37 },
                                                this,
                                              ),
                                            ` `,
                                            L(
                                              `a`,
                                              { href: Dr([`fleet`, e.thing]), children: e.thing },
                                              void 0,
                                              !1,
                                              { fileName: cd, lineNumber: 112, columnNumber: 27 },
                                              this,
                                            ),
                                          ],
                                        },
                                        void 0,
                                        !0,
                                        { fileName: cd, lineNumber: 110, columnNumber: 25 },
                                        this,
                                      )
                                    },
                                  },
                                  {
                                    title: `km/h`,
                                    cell: ({ speedKmh: e }) => R(e === null ? null : Math.round(e)),
                                    numeric: !0,
                                  },
                                  {
                                    title: `Fuel`,
                                    cell: ({ fuelPercent: e }) => (e === null ? `–` : `${Math.round(e)} %`),
                                    numeric: !0,
                                  },
                                  {
                                    title: `Heard`,
                                    cell: ({ at: e }) =>
                                      L(
                                        vr,
                                        { at: e },
                                        void 0,
                                        !1,
                                        { fileName: cd, lineNumber: 119, columnNumber: 55 },
                                        this,
                                      ),
                                    numeric: !0,
                                  },
                                ],
                              },
                              void 0,
                              !1,
                              { fileName: cd, lineNumber: 100, columnNumber: 15 },
                              this,
                            )
                          : L(Sr, {}, void 0, !1, { fileName: cd, lineNumber: 98, columnNumber: 15 }, this),
                        h.length > dd &&
                          L(
                            `p`,
                            {
                              class: `body muted`,
                              children: [
                                z(h.length - dd),
                                ` more: type part of a name above, or use the map.`,
                              ],
                            },
                            void 0,
                            !0,
                            { fileName: cd, lineNumber: 124, columnNumber: 15 },
                            this,
                          ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: cd, lineNumber: 85, columnNumber: 11 },
                    this,
                  ),
            ],
          },
          void 0,
          !0,
          { fileName: cd, lineNumber: 70, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: cd, lineNumber: 58, columnNumber: 5 },
    this,
  )
}
var pd = []
function md(e) {
  let { data: t } = kn(
    `track ${e ?? ``}`,
    async (t) => {
      if (e === void 0) return pd
      let n = new Map(),
        r = [],
        i = Math.floor(Yt() - ud),
        a = It(`/v1/devices/${Lt(e)}/readings`, { measures: `latitude,longitude`, from: i, limit: 1e3 })
      for (let e = 0; a !== null && e < 10; e++) {
        let e = await F(a, { signal: t })
        for (let { measure: t, at: i, value: a } of e.items) {
          if (a === null) continue
          let e = n.get(i)
          t === `latitude` ? n.set(i, a) : e !== void 0 && r.push([a, e])
        }
        a = e.next
      }
      return r
    },
    15e3,
  )
  return t ?? pd
}
var Q = `/work/main/dashboard/src/maintenance/maintenance-page.tsx`,
  hd = 864e5,
  gd = 0.7
function _d() {
  let e = Tr.value.parts[1],
    {
      data: t,
      problem: n,
      reload: r,
    } = kn(
      `maintenance`,
      async (e) => {
        let t = Yt() + hd,
          [n, r] = await Promise.all([
            Nl(Ml.assessment, { from: t - 8 * hd, to: t }, e, 2e4),
            Nl(Ml.workOrder, { from: t - 360 * hd, to: t }, e, 5e3),
          ])
        return { assessments: n, orders: r }
      },
      3e4,
    )
  if (n)
    return L(
      yr,
      { problem: n, onRetry: r },
      void 0,
      !1,
      { fileName: Q, lineNumber: 31, columnNumber: 23 },
      this,
    )
  if (!t) return L(Sr, { lines: 10 }, void 0, !1, { fileName: Q, lineNumber: 32, columnNumber: 21 }, this)
  let i = [...Rl(t.assessments, ({ thing: e }) => e).values()].sort((e, t) => vd(t) - vd(e)),
    a = [...Rl(t.orders, ({ thing: e, key: t }) => `${e} ${t}`).values()],
    o = a.filter((e) => [`open`, `inProgress`].includes(Fl(e, `status`) ?? ``)),
    s = i.find(({ thing: t }) => t === e) ?? i[0],
    c = [...(Rt.value?.values() ?? [])].filter(({ trade: e }) => e === `plant`).length
  return i.length === 0
    ? L(Ed, { machines: c }, void 0, !1, { fileName: Q, lineNumber: 40, columnNumber: 34 }, this)
    : L(
        x,
        {
          children: [
            L(
              `div`,
              {
                class: `tiles`,
                children: [
                  L(
                    xr,
                    { label: `Machines assessed`, value: z(i.length), unit: `of ${z(c)}` },
                    void 0,
                    !1,
                    { fileName: Q, lineNumber: 44, columnNumber: 9 },
                    this,
                  ),
                  L(
                    xr,
                    {
                      label: `Likely to fail`,
                      value: z(i.filter((e) => vd(e) > gd).length),
                      note: `probability above 70 %`,
                    },
                    void 0,
                    !1,
                    { fileName: Q, lineNumber: 45, columnNumber: 9 },
                    this,
                  ),
                  L(
                    xr,
                    { label: `Open work orders`, value: z(o.length), note: Cd(o) },
                    void 0,
                    !1,
                    { fileName: Q, lineNumber: 50, columnNumber: 9 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: Q, lineNumber: 43, columnNumber: 7 },
              this,
            ),
            L(
              `div`,
              {
                class: `columns`,
                children: [
                  L(
                    `div`,
                    {
                      class: `stack`,
                      children: [
                        L(
                          B,
                          {
                            title: `Risk`,
                            children: L(
                              gl,
                              {
                                label: `Risk`,
                                items: i,
                                keyOf: ({ thing: e }) => e,
                                rowClass: ({ thing: e }) => (e === s?.thing ? `selected` : ``),
                                columns: [
                                  {
                                    title: `Machine`,
                                    cell: ({ thing: e }) =>
                                      L(
                                        `a`,
                                        { href: Dr([`maintenance`, e]), children: e },
                                        void 0,
                                        !1,
                                        { fileName: Q, lineNumber: 63, columnNumber: 40 },
                                        this,
                                      ),
                                  },
                                  {
                                    title: `Failure probability`,
                                    cell: (e) =>
                                      L(
                                        wd,
                                        { share: Pl(e, `failure_probability`) },
                                        void 0,
                                        !1,
                                        { fileName: Q, lineNumber: 65, columnNumber: 65 },
                                        this,
                                      ),
                                  },
                                  { title: `Health`, cell: (e) => yd(Pl(e, `health_index`)), numeric: !0 },
                                  { title: `Time to failure`, cell: Sd, numeric: !0, minor: !0 },
                                  {
                                    title: `Recommended`,
                                    cell: (e) =>
                                      xd(e) ??
                                      L(
                                        `span`,
                                        { class: `muted`, children: `nothing` },
                                        void 0,
                                        !1,
                                        { fileName: Q, lineNumber: 68, columnNumber: 75 },
                                        this,
                                      ),
                                    minor: !0,
                                  },
                                ],
                              },
                              void 0,
                              !1,
                              { fileName: Q, lineNumber: 55, columnNumber: 13 },
                              this,
                            ),
                          },
                          void 0,
                          !1,
                          { fileName: Q, lineNumber: 54, columnNumber: 11 },
                          this,
                        ),
                        L(
                          B,
                          {
                            title: `Work orders`,
                            children:
                              a.length === 0
                                ? L(
                                    br,
                                    {
                                      title: `No work order was opened yet`,
                                      children: `One opens by itself when a failure becomes likely.`,
                                    },
                                    void 0,
                                    !1,
                                    { fileName: Q, lineNumber: 74, columnNumber: 15 },
                                    this,
                                  )
                                : L(
                                    gl,
                                    {
                                      label: `Work orders`,
                                      items: a.sort((e, t) => t.at - e.at),
                                      keyOf: ({ thing: e, key: t }) => `${e} ${t}`,
                                      columns: [
                                        { title: `Machine`, cell: ({ thing: e }) => e },
                                        { title: `What to do`, cell: (e) => Fl(e, `action`) },
                                        { title: `Status`, cell: (e) => Fl(e, `status`) },
                                        { title: `Due`, cell: (e) => bd(Pl(e, `dueAt`)), numeric: !0 },
                                      ],
                                    },
                                    void 0,
                                    !1,
                                    { fileName: Q, lineNumber: 78, columnNumber: 15 },
                                    this,
                                  ),
                          },
                          void 0,
                          !1,
                          { fileName: Q, lineNumber: 72, columnNumber: 11 },
                          this,
                        ),
                      ],
                    },
                    void 0,
                    !0,
                    { fileName: Q, lineNumber: 53, columnNumber: 9 },
                    this,
                  ),
                  s &&
                    L(Td, { risk: s }, void 0, !1, { fileName: Q, lineNumber: 92, columnNumber: 19 }, this),
                ],
              },
              void 0,
              !0,
              { fileName: Q, lineNumber: 52, columnNumber: 7 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Q, lineNumber: 42, columnNumber: 5 },
        this,
      )
}
var vd = (e) => Pl(e, `failure_probability`) ?? -1,
  yd = (e) => (e === null ? `not known` : `${Math.round(e * (e <= 1 ? 100 : 1))} %`),
  bd = (e) => (e === null ? `–` : Yn(e)),
  xd = (e) => {
    let t = Il(e, `recommended_maintenance`)?.action
    return typeof t === `string` ? t : null
  }
function Sd(e) {
  let t = Il(e, `estimated_time_to_failure`),
    n = (e) => (typeof t?.[e] === `number` ? er(t[e] * 36e5) : `–`)
  return t ? `${n(`p50`)} (${n(`p10`)} to ${n(`p90`)})` : `–`
}
function Cd(e) {
  let t = e.filter((e) => (Pl(e, `dueAt`) ?? 1 / 0) < Yt()).length
  return t === 0 ? `none overdue` : `${t} overdue`
}
function wd({ share: e }) {
  return e === null
    ? L(
        `span`,
        { class: `muted`, children: `no model yet` },
        void 0,
        !1,
        { fileName: Q, lineNumber: 117, columnNumber: 30 },
        this,
      )
    : L(
        `span`,
        {
          class: `probability`,
          children: [
            L(
              `meter`,
              { min: 0, max: 1, high: gd, optimum: 0, value: e, 'aria-hidden': `true` },
              void 0,
              !1,
              { fileName: Q, lineNumber: 120, columnNumber: 7 },
              this,
            ),
            ` `,
            Math.round(e * 100),
            ` %`,
          ],
        },
        void 0,
        !0,
        { fileName: Q, lineNumber: 119, columnNumber: 5 },
        this,
      )
}
function Td({ risk: e }) {
  let t = Ll(e, `evidence`).filter((e) => typeof e === `string`)
  return L(
    B,
    {
      title: `Why: ${e.thing}`,
      actions: L(
        `a`,
        { href: Dr([`device`, e.thing]), children: `Its charts` },
        void 0,
        !1,
        { fileName: Q, lineNumber: 129, columnNumber: 50 },
        this,
      ),
      children: L(
        `div`,
        {
          class: `body stack`,
          children: [
            L(
              `p`,
              { class: `muted`, children: [`Assessed `, Yn(e.at)] },
              void 0,
              !0,
              { fileName: Q, lineNumber: 131, columnNumber: 9 },
              this,
            ),
            t.length === 0
              ? L(
                  `p`,
                  { children: `Nothing deviates from its healthy period.` },
                  void 0,
                  !1,
                  { fileName: Q, lineNumber: 133, columnNumber: 11 },
                  this,
                )
              : L(
                  `ul`,
                  {
                    class: `bullets`,
                    children: t.map((e) =>
                      L(
                        `li`,
                        { children: e },
                        e,
                        !1,
                        { fileName: Q, lineNumber: 137, columnNumber: 15 },
                        this,
                      ),
                    ),
                  },
                  void 0,
                  !1,
                  { fileName: Q, lineNumber: 135, columnNumber: 11 },
                  this,
                ),
            xd(e) !== null &&
              L(
                `p`,
                {
                  children: [
                    L(
                      `b`,
                      { children: `Recommended:` },
                      void 0,
                      !1,
                      { fileName: Q, lineNumber: 143, columnNumber: 13 },
                      this,
                    ),
                    ` `,
                    xd(e),
                  ],
                },
                void 0,
                !0,
                { fileName: Q, lineNumber: 142, columnNumber: 11 },
                this,
              ),
          ],
        },
        void 0,
        !0,
        { fileName: Q, lineNumber: 130, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Q, lineNumber: 129, columnNumber: 5 },
    this,
  )
}
function Ed({ machines: e }) {
  let t = (I.value ?? []).filter(({ thing: e }) => Rt.value?.get(e)?.trade === `plant`)
  return L(
    x,
    {
      children: [
        L(
          B,
          {
            title: `Risk`,
            children: L(
              br,
              {
                title: e === 0 ? `No machine is registered yet` : `No machine has been assessed yet`,
                children:
                  e === 0
                    ? L(
                        `a`,
                        {
                          href: `#/devices?register=`,
                          children: `Register one with a type of the trade plant.`,
                        },
                        void 0,
                        !1,
                        { fileName: Q, lineNumber: 160, columnNumber: 13 },
                        this,
                      )
                    : `An assessment needs a machine’s healthy period, about a day of closed minutes, or a trained model (telltale train). Until then its alarms below are all there is.`,
              },
              void 0,
              !1,
              { fileName: Q, lineNumber: 158, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: Q, lineNumber: 157, columnNumber: 7 },
          this,
        ),
        t.length > 0 &&
          L(
            B,
            {
              title: `Machines with an alarm`,
              children: L(
                bl,
                { alarms: t.slice(0, 20) },
                void 0,
                !1,
                { fileName: Q, lineNumber: 168, columnNumber: 11 },
                this,
              ),
            },
            void 0,
            !1,
            { fileName: Q, lineNumber: 167, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: Q, lineNumber: 156, columnNumber: 5 },
    this,
  )
}
var Dd = 20
async function Od(e) {
  let t = [...(I.peek() ?? [])].sort((e, t) => t.raisedAt - e.raisedAt).slice(0, Dd),
    n = (
      await Promise.all(t.map(async ({ id: t }) => F(`/v1/alarms/${Lt(t)}/history?limit=10`, { signal: e })))
    )
      .flatMap(({ items: e }) => e.filter(({ kind: e }) => e === `raised`).slice(0, 1))
      .map(({ at: e, recordedAt: t }) => Math.max(0, t - e))
      .sort((e, t) => e - t),
    r = n[Math.floor(n.length / 2)]
  return r === void 0 ? null : { medianMs: r, worstMs: n.at(-1) ?? r, n: n.length }
}
var kd = `/work/main/dashboard/src/overview/live-machines.tsx`,
  Ad = 12,
  jd = 12e4
function Md() {
  let e = Rt.value,
    t = Cn.value,
    n = Ae(() => Nd([...(e?.values() ?? [])], t), [e, [...t.keys()].join(`,`), zt.value]),
    r = n.map(({ device: e }) => e.thing),
    { series: i } = tu(r, 2 * jd),
    [, a] = N(0)
  De(() => {
    let e = new AbortController(),
      t = Yt()
    for (let { device: r, measure: o } of n)
      F(`/v1/devices/${Lt(r.thing)}/readings?measures=${Lt(o)}&from=${Math.floor(t - jd)}`, {
        signal: e.signal,
      })
        .then(({ items: e }) => {
          ;(i.seed(
            r.thing,
            o,
            e.map(({ at: e }) => e),
            e.map(({ value: e }) => e),
          ),
            a((e) => e + 1))
        })
        .catch(() => {})
    return () => e.abort()
  }, [r.join(`,`)])
  let o = Yt()
  return L(
    B,
    {
      title: `Live devices`,
      actions: L(
        `a`,
        { href: `#/sites`, children: `All devices` },
        void 0,
        !1,
        { fileName: kd, lineNumber: 52, columnNumber: 42 },
        this,
      ),
      children:
        n.length === 0
          ? L(
              br,
              { title: `No active device` },
              void 0,
              !1,
              { fileName: kd, lineNumber: 54, columnNumber: 9 },
              this,
            )
          : L(
              `div`,
              {
                class: `body small-charts`,
                children: n.map(({ device: e, measure: n }) =>
                  L(
                    el,
                    {
                      small: !0,
                      title: e.thing,
                      sub: dr(n),
                      unit: Ut(e, n).unit,
                      points: { ...i.points(e.thing, n) },
                      bounds: { from: o - jd, to: o },
                      height: 56,
                      href: Dr([`device`, e.thing]),
                      decoration: Fd(t.get(e.thing), n),
                    },
                    e.thing,
                    !1,
                    { fileName: kd, lineNumber: 58, columnNumber: 13 },
                    this,
                  ),
                ),
              },
              void 0,
              !1,
              { fileName: kd, lineNumber: 56, columnNumber: 9 },
              this,
            ),
    },
    void 0,
    !1,
    { fileName: kd, lineNumber: 52, columnNumber: 5 },
    this,
  )
}
function Nd(e, t) {
  let n = e.filter(({ status: e }) => e === `active`).sort((e, t) => ur(e.thing, t.thing)),
    r = n.filter(({ thing: e }) => t.has(e)),
    i = n.filter(({ thing: e }) => !t.has(e))
  return [...r, ...i].slice(0, Ad).map((e) => ({ device: e, measure: Pd(e, t) ?? Kt(e) }))
}
function Pd(e, t) {
  let n = t.get(e.thing)?.key
  return n !== void 0 && Ut(e, n).unit !== void 0 ? n : void 0
}
function Fd(e, t) {
  return e?.key === t ? { spans: [{ from: e.raisedAt, to: e.clearedAt ?? Yt(), severity: e.severity }] } : Id
}
var Id = {},
  Ld = `/work/main/dashboard/src/overview/stages.tsx`,
  Rd = (e, t, n) => {
    let r = e[t]
    return r === void 0 ? null : n(r)
  },
  zd = [
    {
      name: `Receive`,
      codes: [`broker_failing`],
      figure: (e) => Rd(e, `connections`, (e) => `${z(e)} connected`),
    },
    {
      name: `Journal`,
      codes: [`journal_failing`],
      figure: (e) => Rd(e, `journal_waiting_bytes`, (e) => (e === 0 ? `nothing waits` : `${fr(e)} wait`)),
    },
    {
      name: `Pipeline`,
      codes: [`pipeline_behind`],
      figure: (e) => Rd(e, `lag_records`, (e) => (e === 0 ? `no lag` : `${z(e)} records behind`)),
    },
    {
      name: `Store`,
      codes: [`store_failing`],
      figure: (e) =>
        Rd(e, `store_outstanding_bytes`, (e) => (e === 0 ? `all stored` : `${fr(e)} on the way`)),
    },
    {
      name: `Alarms`,
      codes: [`delivery_failing`, `notifier_failing`],
      figure: (e) => Rd(e, `notifications_waiting`, (e) => (e === 0 ? `all told` : `${z(e)} untold`)),
    },
    { name: `Quarantine`, codes: [], figure: (e) => Rd(e, `quarantined_total`, (e) => `${z(e)} refused`) },
    { name: `Clock`, codes: [`clock_jumped`], figure: () => null },
    { name: `Disk`, codes: [`disk_low`], figure: (e) => Rd(e, `disk_free_bytes`, (e) => `${fr(e)} free`) },
    { name: `Memory`, codes: [], figure: (e) => Rd(e, `resident_bytes`, fr) },
  ]
function Bd() {
  let e = Qt.value
  if (!e)
    return L(
      B,
      {
        title: `Health of each stage`,
        children: L(Sr, { lines: 7 }, void 0, !1, { fileName: Ld, lineNumber: 41, columnNumber: 9 }, this),
      },
      void 0,
      !1,
      { fileName: Ld, lineNumber: 40, columnNumber: 7 },
      this,
    )
  let t = new Set(zd.flatMap(({ codes: e }) => e)),
    n = e.conditions.filter(({ code: e }) => !t.has(e))
  return L(
    B,
    {
      title: `Health of each stage`,
      actions: L(
        `span`,
        {
          class: `muted`,
          children: [e.version === `0` ? `` : `${e.version}, `, `up `, er(Zt() - e.startedAt)],
        },
        void 0,
        !0,
        { fileName: Ld, lineNumber: 50, columnNumber: 9 },
        this,
      ),
      children: L(
        `ul`,
        {
          class: `stages`,
          children: [
            zd.map(({ name: t, codes: n, figure: r }) => {
              let i = e.conditions.filter(({ code: e }) => n.includes(e)),
                a = r(e.gauges)
              return a === null && i.length === 0
                ? null
                : L(
                    `li`,
                    {
                      children: [
                        L(
                          `b`,
                          { children: t },
                          void 0,
                          !1,
                          { fileName: Ld, lineNumber: 62, columnNumber: 15 },
                          this,
                        ),
                        L(
                          `span`,
                          { class: `figure`, children: a },
                          void 0,
                          !1,
                          { fileName: Ld, lineNumber: 63, columnNumber: 15 },
                          this,
                        ),
                        L(
                          `span`,
                          {
                            class: i.length > 0 ? `chip degraded` : `muted`,
                            children: i.length > 0 ? `degraded` : `ok`,
                          },
                          void 0,
                          !1,
                          { fileName: Ld, lineNumber: 64, columnNumber: 15 },
                          this,
                        ),
                        i.map(({ code: e, text: t }) =>
                          L(
                            `span`,
                            { class: `bad`, children: t },
                            e,
                            !1,
                            { fileName: Ld, lineNumber: 68, columnNumber: 17 },
                            this,
                          ),
                        ),
                      ],
                    },
                    t,
                    !0,
                    { fileName: Ld, lineNumber: 61, columnNumber: 13 },
                    this,
                  )
            }),
            n.map(({ code: e, text: t }) =>
              L(
                `li`,
                {
                  children: [
                    L(
                      `b`,
                      { children: `Platform` },
                      void 0,
                      !1,
                      { fileName: Ld, lineNumber: 77, columnNumber: 13 },
                      this,
                    ),
                    L(
                      `span`,
                      { class: `figure`, children: t },
                      void 0,
                      !1,
                      { fileName: Ld, lineNumber: 78, columnNumber: 13 },
                      this,
                    ),
                    L(
                      `span`,
                      { class: `chip degraded`, children: `degraded` },
                      void 0,
                      !1,
                      { fileName: Ld, lineNumber: 79, columnNumber: 13 },
                      this,
                    ),
                  ],
                },
                e,
                !0,
                { fileName: Ld, lineNumber: 76, columnNumber: 11 },
                this,
              ),
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Ld, lineNumber: 55, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Ld, lineNumber: 47, columnNumber: 5 },
    this,
  )
}
var Vd = `/work/main/dashboard/src/overview/overview-page.tsx`,
  Hd = 6
function Ud() {
  let e = Rt.value,
    { data: t } = kn(`overview latest`, (e) => zl(``, e), 1e4),
    n = I.value ?? [],
    r = n[0],
    { data: i } = kn(
      `latency`,
      Od,
      void 0,
      n
        .map(({ id: e }) => e)
        .slice(0, 20)
        .join(),
    ),
    a = Ae(() => {
      let n = { reporting: 0, silent: 0, never: 0, suspended: 0, retired: 0 }
      for (let r of e?.values() ?? []) n[Vl(r, t?.get(r.thing))]++
      return n
    }, [e, t])
  if (e?.size === 0) return L(Gd, {}, void 0, !1, { fileName: Vd, lineNumber: 37, columnNumber: 33 }, this)
  let o = en.value,
    s = o.readings.slice(-5),
    c = s.length > 0 ? s.reduce((e, t) => e + t, 0) / s.length : null,
    l = n.filter(bn).length
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `tiles`,
            children: [
              L(
                xr,
                {
                  label: `Throughput`,
                  value: c === null ? `–` : ir(c),
                  unit: `readings/s`,
                  note: `${z(Qt.value?.gauges.readings_total ?? 0)} since the start`,
                },
                void 0,
                !1,
                { fileName: Vd, lineNumber: 46, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Alarm latency, median`,
                  value: i ? (er(i.medianMs).split(` `)[0] ?? `–`) : `–`,
                  unit: i ? (er(i.medianMs).split(` `)[1] ?? ``) : ``,
                  note: i
                    ? `worst ${er(i.worstMs)}, last ${ar(i.n, `alarm`)}`
                    : `reading to alarm book; no alarm yet`,
                },
                void 0,
                !1,
                { fileName: Vd, lineNumber: 52, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Devices reporting`,
                  value: t ? z(a.reporting) : `–`,
                  unit: `of ${z(e?.size ?? 0)}`,
                  href: `#/sites`,
                  note:
                    [`silent`, `never`, `suspended`, `retired`]
                      .filter((e) => a[e] > 0)
                      .map((e) => `${a[e]} ${gr[e]}`)
                      .join(`, `) || `none silent`,
                },
                void 0,
                !1,
                { fileName: Vd, lineNumber: 62, columnNumber: 9 },
                this,
              ),
              L(
                xr,
                {
                  label: `Active alarms`,
                  value: I.value ? z(n.length) : `–`,
                  tone: r?.severity ?? `calm`,
                  href: `#/alarms`,
                  note: n.length > 0 ? `${l} not acknowledged` : `nothing stands`,
                },
                void 0,
                !1,
                { fileName: Vd, lineNumber: 74, columnNumber: 9 },
                this,
              ),
              yn
                .slice(0, 1)
                .map((e) =>
                  L(
                    xr,
                    {
                      label: `Critical`,
                      value: z(n.filter((t) => t.severity === e).length),
                      href: `#/alarms?severity=${e}`,
                      note: `${z(n.filter((e) => e.severity === `major`).length)} major`,
                    },
                    e,
                    !1,
                    { fileName: Vd, lineNumber: 82, columnNumber: 11 },
                    this,
                  ),
                ),
            ],
          },
          void 0,
          !0,
          { fileName: Vd, lineNumber: 45, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            class: `columns`,
            children: [
              L(
                `div`,
                {
                  class: `stack`,
                  children: [
                    L(
                      B,
                      {
                        title: `Active alarms`,
                        actions: L(
                          `a`,
                          { href: `#/alarms`, children: `All alarms` },
                          void 0,
                          !1,
                          { fileName: Vd, lineNumber: 93, columnNumber: 49 },
                          this,
                        ),
                        children:
                          n.length === 0
                            ? L(
                                br,
                                {
                                  title: `No alarm stands`,
                                  children: `Alarms appear here within a second of the reading that raises them.`,
                                },
                                void 0,
                                !1,
                                { fileName: Vd, lineNumber: 95, columnNumber: 15 },
                                this,
                              )
                            : L(
                                bl,
                                { alarms: n.slice(0, Hd) },
                                void 0,
                                !1,
                                { fileName: Vd, lineNumber: 99, columnNumber: 15 },
                                this,
                              ),
                      },
                      void 0,
                      !1,
                      { fileName: Vd, lineNumber: 93, columnNumber: 11 },
                      this,
                    ),
                    L(Md, {}, void 0, !1, { fileName: Vd, lineNumber: 102, columnNumber: 11 }, this),
                  ],
                },
                void 0,
                !0,
                { fileName: Vd, lineNumber: 92, columnNumber: 9 },
                this,
              ),
              L(
                `div`,
                {
                  class: `stack`,
                  children: [
                    L(
                      el,
                      {
                        title: `Readings per second`,
                        unit: `/s`,
                        points: { at: o.at, mean: o.readings },
                        bounds: Wd(o.at),
                        height: 150,
                      },
                      void 0,
                      !1,
                      { fileName: Vd, lineNumber: 105, columnNumber: 11 },
                      this,
                    ),
                    L(Bd, {}, void 0, !1, { fileName: Vd, lineNumber: 112, columnNumber: 11 }, this),
                  ],
                },
                void 0,
                !0,
                { fileName: Vd, lineNumber: 104, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: Vd, lineNumber: 91, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: Vd, lineNumber: 44, columnNumber: 5 },
    this,
  )
}
function Wd(e) {
  let t = e.at(-1) ?? Date.now()
  return { from: Math.max(e[0] ?? 0, t - 9e5, 0) || t - 6e4, to: Math.max(t, (e[0] ?? t) + 6e4) }
}
function Gd() {
  return L(
    B,
    {
      title: `Welcome`,
      children: L(
        br,
        {
          title: `No device is registered yet`,
          children: [
            L(
              `p`,
              {
                children: [
                  L(
                    `a`,
                    { href: `#/devices?register=`, children: `Register the first device` },
                    void 0,
                    !1,
                    { fileName: Vd, lineNumber: 132, columnNumber: 11 },
                    this,
                  ),
                  ` to get its certificate and the address to send to, or let the simulator fill this page:`,
                ],
              },
              void 0,
              !0,
              { fileName: Vd, lineNumber: 131, columnNumber: 9 },
              this,
            ),
            L(
              `pre`,
              { children: `telltale simulate --scenario demo` },
              void 0,
              !1,
              { fileName: Vd, lineNumber: 135, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Vd, lineNumber: 130, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Vd, lineNumber: 129, columnNumber: 5 },
    this,
  )
}
var $ = `/work/main/dashboard/src/quarantine/quarantine-detail.tsx`
function Kd(e) {
  let { id: t, back: n, onChanged: r } = e,
    i = `/v1/quarantine/${Lt(t)}`,
    { data: a, problem: o, reload: s } = kn(i, async (e) => F(i, { signal: e })),
    [c, l] = N(``),
    { busy: u, problem: d, run: f } = Fn(),
    p = (e, t) =>
      f(async () => {
        ;(await F(`${i}/${e}`, { method: `POST`, body: t }),
          l(
            e === `replay`
              ? `Sent again as a new record. If it is refused again, it appears as a new entry.`
              : `Discarded: it stays searchable, but is not sent again.`,
          ),
          s(),
          r())
      })
  if (o)
    return L(
      yr,
      { problem: o, onRetry: s },
      void 0,
      !1,
      { fileName: $, lineNumber: 28, columnNumber: 23 },
      this,
    )
  if (!a)
    return L(
      B,
      {
        title: `Record`,
        children: L(Sr, { lines: 8 }, void 0, !1, { fileName: $, lineNumber: 32, columnNumber: 9 }, this),
      },
      void 0,
      !1,
      { fileName: $, lineNumber: 31, columnNumber: 7 },
      this,
    )
  let m = a.status === `open`
  return L(
    B,
    {
      title: `Record ${t}`,
      actions: L(
        `a`,
        { href: n, 'aria-label': `Close the details`, children: `✕` },
        void 0,
        !1,
        { fileName: $, lineNumber: 40, columnNumber: 9 },
        this,
      ),
      children: L(
        `form`,
        {
          class: `body stacked`,
          onSubmit: (e) => {
            e.preventDefault()
            let t = Ln(new FormData(e.currentTarget), `payload`)
            p(`replay`, a.payload === null || t === a.payload ? {} : { payload: t })
          },
          children: [
            L(
              `div`,
              {
                class: `note problem`,
                children: [
                  L(
                    `b`,
                    { children: a.reason },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 54, columnNumber: 11 },
                    this,
                  ),
                  `: `,
                  a.detail,
                ],
              },
              void 0,
              !0,
              { fileName: $, lineNumber: 53, columnNumber: 9 },
              this,
            ),
            L(
              `dl`,
              {
                class: `facts`,
                children: [
                  L(
                    `dt`,
                    { children: `Topic` },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 57, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dd`,
                    {
                      children: L(
                        `code`,
                        { children: a.topic },
                        void 0,
                        !1,
                        { fileName: $, lineNumber: 59, columnNumber: 13 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 58, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dt`,
                    { children: `Sender` },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 61, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dd`,
                    {
                      children: L(
                        `a`,
                        { href: Dr([`device`, a.client]), children: a.client },
                        void 0,
                        !1,
                        { fileName: $, lineNumber: 63, columnNumber: 13 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 62, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dt`,
                    { children: `Received` },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 65, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dd`,
                    { children: Jn(a.receivedAt) },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 66, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dt`,
                    { children: `Size` },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 67, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dd`,
                    { children: fr(a.sizeBytes) },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 68, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dt`,
                    { children: `Status` },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 69, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `dd`,
                    { children: a.status },
                    void 0,
                    !1,
                    { fileName: $, lineNumber: 70, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: $, lineNumber: 56, columnNumber: 9 },
              this,
            ),
            a.payload === null
              ? L(
                  Nn,
                  {
                    label: `Payload, not text, in base64`,
                    hint: `It can be replayed as it is, once what it needs is there.`,
                    children: L(
                      `textarea`,
                      { class: `code`, readOnly: !0, value: a.payloadBase64 },
                      void 0,
                      !1,
                      { fileName: $, lineNumber: 77, columnNumber: 13 },
                      this,
                    ),
                  },
                  void 0,
                  !1,
                  { fileName: $, lineNumber: 73, columnNumber: 11 },
                  this,
                )
              : L(
                  Nn,
                  {
                    label: `Payload`,
                    hint: m ? `Mend it here, then replay.` : ``,
                    children: L(
                      `textarea`,
                      {
                        name: `payload`,
                        class: `code`,
                        spellcheck: !1,
                        readOnly: !m,
                        defaultValue: a.payload,
                      },
                      void 0,
                      !1,
                      { fileName: $, lineNumber: 81, columnNumber: 13 },
                      this,
                    ),
                  },
                  void 0,
                  !1,
                  { fileName: $, lineNumber: 80, columnNumber: 11 },
                  this,
                ),
            d && L(yr, { problem: d }, void 0, !1, { fileName: $, lineNumber: 90, columnNumber: 21 }, this),
            c !== `` &&
              L(
                `p`,
                { class: `note`, role: `status`, children: c },
                void 0,
                !1,
                { fileName: $, lineNumber: 92, columnNumber: 11 },
                this,
              ),
            m &&
              L(
                `div`,
                {
                  class: `buttons`,
                  children: [
                    L(
                      `button`,
                      { type: `submit`, class: `primary`, disabled: u, children: `Replay` },
                      void 0,
                      !1,
                      { fileName: $, lineNumber: 98, columnNumber: 13 },
                      this,
                    ),
                    L(
                      `button`,
                      { type: `button`, disabled: u, onClick: () => p(`discard`, {}), children: `Discard` },
                      void 0,
                      !1,
                      { fileName: $, lineNumber: 101, columnNumber: 13 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: $, lineNumber: 97, columnNumber: 11 },
                this,
              ),
          ],
        },
        void 0,
        !0,
        { fileName: $, lineNumber: 45, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: $, lineNumber: 37, columnNumber: 5 },
    this,
  )
}
var qd = `/work/main/dashboard/src/quarantine/quarantine-page.tsx`,
  Jd = [
    [`open`, `Open`],
    [`replayed`, `Replayed`],
    [`discarded`, `Discarded`],
    [`all`, `All`],
  ]
function Yd() {
  let { parts: e, query: t } = Tr.value,
    n = e[1],
    r = t.get(`status`) ?? `open`,
    i = t.get(`reason`) ?? ``,
    a = t.get(`client`) ?? ``,
    o = It(`/v1/quarantine`, { status: r, reason: i, client: a, limit: 200 }),
    { data: s, problem: c, loading: l, reload: u } = kn(o, async (e) => F(o, { signal: e }), 1e4),
    d = [...new Set([...(s?.items.map(({ reason: e }) => e) ?? []), ...(i === `` ? [] : [i])])].sort(),
    f = Object.fromEntries(t)
  return L(
    x,
    {
      children: [
        L(
          `div`,
          {
            class: `toolbar`,
            children: [
              L(
                Pn,
                { label: `Status`, value: r, options: Jd, onChange: (e) => kr({ status: e }) },
                void 0,
                !1,
                { fileName: qd, lineNumber: 37, columnNumber: 9 },
                this,
              ),
              L(
                Pn,
                {
                  label: `Reason`,
                  value: i,
                  options: [[``, `Any`], ...d.map((e) => [e, e])],
                  onChange: (e) => kr({ reason: e }),
                },
                void 0,
                !1,
                { fileName: qd, lineNumber: 43, columnNumber: 9 },
                this,
              ),
              L(
                `label`,
                {
                  class: `choice`,
                  children: [
                    L(
                      `span`,
                      { children: `Sender` },
                      void 0,
                      !1,
                      { fileName: qd, lineNumber: 50, columnNumber: 11 },
                      this,
                    ),
                    L(
                      `input`,
                      {
                        type: `search`,
                        value: a,
                        onChange: (e) => kr({ client: e.currentTarget.value.trim() }),
                      },
                      void 0,
                      !1,
                      { fileName: qd, lineNumber: 51, columnNumber: 11 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: qd, lineNumber: 49, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: qd, lineNumber: 36, columnNumber: 7 },
          this,
        ),
        c &&
          L(
            yr,
            { problem: c, onRetry: u },
            void 0,
            !1,
            { fileName: qd, lineNumber: 58, columnNumber: 19 },
            this,
          ),
        L(
          `div`,
          {
            class: n === void 0 ? `stack` : `columns`,
            children: [
              L(
                B,
                {
                  title: `Refused records`,
                  actions: L(
                    `span`,
                    {
                      class: `muted`,
                      children: s ? `${s.items.length}${s.next === null ? `` : `+`} shown` : ``,
                    },
                    void 0,
                    !1,
                    { fileName: qd, lineNumber: 63, columnNumber: 13 },
                    this,
                  ),
                  children:
                    l && !s
                      ? L(Sr, {}, void 0, !1, { fileName: qd, lineNumber: 69, columnNumber: 13 }, this)
                      : s && s.items.length > 0
                        ? L(
                            gl,
                            {
                              label: `Refused records`,
                              items: s.items,
                              keyOf: ({ id: e }) => e,
                              rowClass: ({ id: e }) => (e === n ? `selected` : ``),
                              columns: [
                                {
                                  title: `Received`,
                                  cell: ({ id: e, receivedAt: t }) =>
                                    L(
                                      `a`,
                                      { href: Dr([`quarantine`, e], f), children: Yn(t) },
                                      void 0,
                                      !1,
                                      { fileName: qd, lineNumber: 77, columnNumber: 68 },
                                      this,
                                    ),
                                },
                                { title: `Sender`, cell: (e) => e.client },
                                {
                                  title: `Reason`,
                                  cell: (e) =>
                                    L(
                                      `b`,
                                      { children: e.reason },
                                      void 0,
                                      !1,
                                      { fileName: qd, lineNumber: 79, columnNumber: 53 },
                                      this,
                                    ),
                                },
                                { title: `What was wrong`, cell: ({ detail: e }) => e, minor: !0 },
                                { title: `Size`, cell: ({ sizeBytes: e }) => fr(e), numeric: !0, minor: !0 },
                                { title: `Status`, cell: (e) => e.status, minor: !0 },
                              ],
                            },
                            void 0,
                            !1,
                            { fileName: qd, lineNumber: 71, columnNumber: 13 },
                            this,
                          )
                        : L(
                            br,
                            {
                              title: r === `open` ? `No refused record waits` : `No refused record matches`,
                              children: `A record that cannot be understood is kept here with its reason; it is never dropped, and never stops another one.`,
                            },
                            void 0,
                            !1,
                            { fileName: qd, lineNumber: 86, columnNumber: 13 },
                            this,
                          ),
                },
                void 0,
                !1,
                { fileName: qd, lineNumber: 60, columnNumber: 9 },
                this,
              ),
              n !== void 0 &&
                L(
                  Kd,
                  { id: n, back: Dr([`quarantine`], f), onChanged: u },
                  n,
                  !1,
                  { fileName: qd, lineNumber: 93, columnNumber: 11 },
                  this,
                ),
            ],
          },
          void 0,
          !0,
          { fileName: qd, lineNumber: 59, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: qd, lineNumber: 35, columnNumber: 5 },
    this,
  )
}
var Xd = `/work/main/dashboard/src/settings/audit-log.tsx`
function Zd() {
  let [e, t] = N(50),
    n = It(`/v1/audit`, { limit: e }),
    { data: r, problem: i, reload: a } = kn(n, async (e) => F(n, { signal: e }))
  return L(
    B,
    {
      title: `Audit log`,
      actions: L(
        `button`,
        { type: `button`, class: `small`, onClick: a, children: `Reload` },
        void 0,
        !1,
        { fileName: Xd, lineNumber: 17, columnNumber: 9 },
        this,
      ),
      children: [
        i &&
          L(
            yr,
            { problem: i, onRetry: a },
            void 0,
            !1,
            { fileName: Xd, lineNumber: 22, columnNumber: 19 },
            this,
          ),
        !r && !i && L(Sr, {}, void 0, !1, { fileName: Xd, lineNumber: 23, columnNumber: 29 }, this),
        r?.items.length === 0 &&
          L(
            br,
            { title: `Nothing was changed yet` },
            void 0,
            !1,
            { fileName: Xd, lineNumber: 24, columnNumber: 36 },
            this,
          ),
        r &&
          r.items.length > 0 &&
          L(
            x,
            {
              children: [
                L(
                  gl,
                  {
                    label: `Audit log`,
                    items: r.items,
                    keyOf: ({ id: e }) => e,
                    columns: [
                      { title: `When`, cell: ({ at: e }) => Yn(e), numeric: !0 },
                      { title: `Who`, cell: ({ actor: e }) => e },
                      { title: `What`, cell: ({ action: e }) => e },
                      { title: `On`, cell: ({ subject: e }) => e },
                      {
                        title: `Detail`,
                        cell: ({ detail: e }) =>
                          L(
                            `span`,
                            { class: `muted clip`, title: e, children: e },
                            void 0,
                            !1,
                            { fileName: Xd, lineNumber: 36, columnNumber: 56 },
                            this,
                          ),
                        minor: !0,
                      },
                    ],
                  },
                  void 0,
                  !1,
                  { fileName: Xd, lineNumber: 27, columnNumber: 11 },
                  this,
                ),
                r.next !== null &&
                  e < 1e3 &&
                  L(
                    `p`,
                    {
                      class: `body`,
                      children: L(
                        `button`,
                        { type: `button`, onClick: () => t(Math.min(1e3, e * 4)), children: `Show more` },
                        void 0,
                        !1,
                        { fileName: Xd, lineNumber: 41, columnNumber: 15 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: Xd, lineNumber: 40, columnNumber: 13 },
                    this,
                  ),
              ],
            },
            void 0,
            !0,
            { fileName: Xd, lineNumber: 26, columnNumber: 9 },
            this,
          ),
      ],
    },
    void 0,
    !0,
    { fileName: Xd, lineNumber: 14, columnNumber: 5 },
    this,
  )
}
var Qd = `/work/main/dashboard/src/settings/settings-page.tsx`
function $d() {
  let e = Qt.value
  return L(
    x,
    {
      children: L(
        `div`,
        {
          class: `columns`,
          children: [
            L(
              `div`,
              {
                class: `stack`,
                children: [
                  L(
                    B,
                    {
                      title: `This browser`,
                      children: L(
                        `div`,
                        {
                          class: `body toolbar`,
                          children: [
                            L(
                              Pn,
                              {
                                label: `Colours`,
                                value: Mr.value,
                                options: [
                                  [`system`, `As the system`],
                                  [`dark`, `Dark`],
                                  [`light`, `Light`],
                                ],
                                onChange: Ir,
                              },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 19, columnNumber: 15 },
                              this,
                            ),
                            L(
                              Pn,
                              {
                                label: `Times`,
                                value: Rn.value,
                                options: [
                                  [`local`, `In this computer’s zone`],
                                  [`utc`, `In UTC`],
                                ],
                                onChange: zn,
                              },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 29, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `span`,
                              { class: `muted range-text`, children: [`Shown in `, Vn()] },
                              void 0,
                              !0,
                              { fileName: Qd, lineNumber: 38, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `button`,
                              { type: `button`, class: `push`, onClick: () => Mt(), children: `Sign out` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 39, columnNumber: 15 },
                              this,
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: Qd, lineNumber: 18, columnNumber: 13 },
                        this,
                      ),
                    },
                    void 0,
                    !1,
                    { fileName: Qd, lineNumber: 17, columnNumber: 11 },
                    this,
                  ),
                  L(
                    B,
                    {
                      title: `Conditions`,
                      children:
                        e && e.conditions.length > 0
                          ? L(
                              gl,
                              {
                                label: `Conditions`,
                                items: e.conditions,
                                keyOf: ({ code: e }) => e,
                                columns: [
                                  {
                                    title: `Code`,
                                    cell: ({ code: e }) =>
                                      L(
                                        `code`,
                                        { children: e },
                                        void 0,
                                        !1,
                                        { fileName: Qd, lineNumber: 51, columnNumber: 56 },
                                        this,
                                      ),
                                  },
                                  { title: `What, and what to do`, cell: ({ text: e }) => e },
                                  { title: `Since`, cell: ({ since: e }) => Yn(e), numeric: !0 },
                                ],
                              },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 46, columnNumber: 15 },
                              this,
                            )
                          : L(
                              br,
                              {
                                title: `The platform is at its best`,
                                children: `What keeps it from that appears here, with a remedy.`,
                              },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 57, columnNumber: 15 },
                              this,
                            ),
                    },
                    void 0,
                    !1,
                    { fileName: Qd, lineNumber: 44, columnNumber: 11 },
                    this,
                  ),
                  L(Zd, {}, void 0, !1, { fileName: Qd, lineNumber: 62, columnNumber: 11 }, this),
                ],
              },
              void 0,
              !0,
              { fileName: Qd, lineNumber: 16, columnNumber: 9 },
              this,
            ),
            L(
              B,
              {
                title: `Platform`,
                children: L(
                  `div`,
                  {
                    class: `body stack`,
                    children: [
                      L(
                        `dl`,
                        {
                          class: `facts`,
                          children: [
                            L(
                              `dt`,
                              { children: `Version` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 67, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `dd`,
                              { children: e?.version },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 68, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `dt`,
                              { children: `Started` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 69, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `dd`,
                              { children: e ? Jn(e.startedAt) : `–` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 70, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `dt`,
                              { children: `News` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 71, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `dd`,
                              { children: ln.value === `polling` ? `polled` : `streamed` },
                              void 0,
                              !1,
                              { fileName: Qd, lineNumber: 72, columnNumber: 15 },
                              this,
                            ),
                            Object.entries(e?.gauges ?? {}).map(([e, t]) =>
                              L(
                                x,
                                {
                                  children: [
                                    L(
                                      `dt`,
                                      { children: e.replace(/_(bytes|total)$/, ``).replaceAll(`_`, ` `) },
                                      void 0,
                                      !1,
                                      { fileName: Qd, lineNumber: 75, columnNumber: 19 },
                                      this,
                                    ),
                                    L(
                                      `dd`,
                                      { children: e.endsWith(`_bytes`) ? fr(t) : z(t) },
                                      void 0,
                                      !1,
                                      { fileName: Qd, lineNumber: 76, columnNumber: 19 },
                                      this,
                                    ),
                                  ],
                                },
                                void 0,
                                !0,
                                { fileName: Qd, lineNumber: 74, columnNumber: 17 },
                                this,
                              ),
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: Qd, lineNumber: 66, columnNumber: 13 },
                        this,
                      ),
                      L(
                        `p`,
                        {
                          children: L(
                            `a`,
                            { href: `./docs`, children: `API and its documentation` },
                            void 0,
                            !1,
                            { fileName: Qd, lineNumber: 81, columnNumber: 15 },
                            this,
                          ),
                        },
                        void 0,
                        !1,
                        { fileName: Qd, lineNumber: 80, columnNumber: 13 },
                        this,
                      ),
                    ],
                  },
                  void 0,
                  !0,
                  { fileName: Qd, lineNumber: 65, columnNumber: 11 },
                  this,
                ),
              },
              void 0,
              !1,
              { fileName: Qd, lineNumber: 64, columnNumber: 9 },
              this,
            ),
          ],
        },
        void 0,
        !0,
        { fileName: Qd, lineNumber: 15, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: Qd, lineNumber: 14, columnNumber: 5 },
    this,
  )
}
var ef = `/work/main/dashboard/src/sites/sites-page.tsx`,
  tf = 600
function nf() {
  let { query: e } = Tr.value,
    t = e.get(`site`) ?? ``,
    n = e.get(`only`) ?? ``,
    r = [...(Rt.value?.values() ?? [])],
    { data: i, problem: a, reload: o } = kn(`sites`, (e) => zl(``, e), 1e4),
    s = Cn.value,
    c = r.filter(
      (e) =>
        (t === `` || (e.site ?? `-`) === t) &&
        (n === `` ||
          (n === `alarm` && s.has(e.thing)) ||
          (n === `silent` && [`silent`, `never`].includes(Vl(e, i?.get(e.thing))))),
    ),
    l = Map.groupBy(c, (e) => e.site ?? `Without a site`)
  return r.length === 0
    ? L(
        br,
        {
          title: `No device is registered yet`,
          children: [
            L(
              `a`,
              { href: `#/devices?register=`, children: `Register the first device` },
              void 0,
              !1,
              { fileName: ef, lineNumber: 32, columnNumber: 9 },
              this,
            ),
            `, with the site where it stands.`,
          ],
        },
        void 0,
        !0,
        { fileName: ef, lineNumber: 31, columnNumber: 7 },
        this,
      )
    : L(
        x,
        {
          children: [
            L(
              `div`,
              {
                class: `toolbar`,
                children: [
                  L(
                    Pn,
                    {
                      label: `Site`,
                      value: t,
                      options: [
                        [``, `All sites`],
                        ...Ht.value.map((e) => (e === `` ? [`-`, `Without a site`] : [e, e])),
                      ],
                      onChange: (e) => kr({ site: e }),
                    },
                    void 0,
                    !1,
                    { fileName: ef, lineNumber: 38, columnNumber: 9 },
                    this,
                  ),
                  L(
                    Pn,
                    {
                      label: `Show`,
                      value: n,
                      options: [
                        [``, `All devices`],
                        [`alarm`, `With an active alarm`],
                        [`silent`, `Silent or never heard`],
                      ],
                      onChange: (e) => kr({ only: e }),
                    },
                    void 0,
                    !1,
                    { fileName: ef, lineNumber: 44, columnNumber: 9 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: ef, lineNumber: 37, columnNumber: 7 },
              this,
            ),
            a &&
              L(
                yr,
                { problem: a, onRetry: o },
                void 0,
                !1,
                { fileName: ef, lineNumber: 55, columnNumber: 19 },
                this,
              ),
            c.length === 0 &&
              L(
                br,
                { title: `No device matches`, children: `Choose another site or show all devices.` },
                void 0,
                !1,
                { fileName: ef, lineNumber: 57, columnNumber: 9 },
                this,
              ),
            [...l]
              .sort(([e], [t]) => (e < t ? -1 : 1))
              .map(([e, t]) =>
                L(
                  B,
                  {
                    title: e,
                    actions: L(
                      `span`,
                      {
                        class: `muted`,
                        children: [
                          ar(t.length, `device`),
                          `, `,
                          t.filter(({ thing: e }) => s.has(e)).length,
                          ` `,
                          `with alarms`,
                        ],
                      },
                      void 0,
                      !0,
                      { fileName: ef, lineNumber: 66, columnNumber: 15 },
                      this,
                    ),
                    children: [...Map.groupBy(t, ({ type: e }) => e)].map(([e, t]) =>
                      L(
                        `div`,
                        {
                          children: [
                            L(
                              `h3`,
                              {
                                class: `type-name`,
                                children: [
                                  e,
                                  ` `,
                                  L(
                                    `span`,
                                    { class: `muted`, children: t.length },
                                    void 0,
                                    !1,
                                    { fileName: ef, lineNumber: 75, columnNumber: 26 },
                                    this,
                                  ),
                                ],
                              },
                              void 0,
                              !0,
                              { fileName: ef, lineNumber: 74, columnNumber: 17 },
                              this,
                            ),
                            L(
                              `div`,
                              {
                                class: `grid-of-devices`,
                                children: [
                                  t
                                    .sort((e, t) => ur(e.thing, t.thing))
                                    .slice(0, tf)
                                    .map((e) =>
                                      L(
                                        rf,
                                        { device: e, latest: i?.get(e.thing) },
                                        e.thing,
                                        !1,
                                        { fileName: ef, lineNumber: 82, columnNumber: 23 },
                                        this,
                                      ),
                                    ),
                                  t.length > tf &&
                                    L(
                                      `a`,
                                      {
                                        class: `cell`,
                                        href: Dr([`devices`], { text: e }),
                                        children: [t.length - tf, ` more`],
                                      },
                                      void 0,
                                      !0,
                                      { fileName: ef, lineNumber: 85, columnNumber: 21 },
                                      this,
                                    ),
                                ],
                              },
                              void 0,
                              !0,
                              { fileName: ef, lineNumber: 77, columnNumber: 17 },
                              this,
                            ),
                          ],
                        },
                        e,
                        !0,
                        { fileName: ef, lineNumber: 73, columnNumber: 15 },
                        this,
                      ),
                    ),
                  },
                  e,
                  !1,
                  { fileName: ef, lineNumber: 62, columnNumber: 11 },
                  this,
                ),
              ),
          ],
        },
        void 0,
        !0,
        { fileName: ef, lineNumber: 36, columnNumber: 5 },
        this,
      )
}
function rf({ device: e, latest: t }) {
  let n = Cn.value.get(e.thing),
    r = Vl(e, t),
    i =
      t?.values.find(({ measure: e }) => e === n?.key) ??
      t?.values.find(({ measure: t }) => t === Kt(e)) ??
      t?.values[0]
  return L(
    `a`,
    {
      class: `cell ${n ? n.severity : r === `reporting` ? `` : r === `silent` || r === `never` ? `silent` : `off`}`,
      href: Dr([`device`, e.thing]),
      title: n ? `${n.severity}: ${cr(n.why.text)}` : gr[r],
      children: [
        L(`b`, { children: e.thing }, void 0, !1, { fileName: ef, lineNumber: 118, columnNumber: 7 }, this),
        n &&
          L(
            `span`,
            { class: `visually-hidden`, children: [n.severity, ` alarm, `] },
            void 0,
            !0,
            { fileName: ef, lineNumber: 119, columnNumber: 17 },
            this,
          ),
        r === `reporting` ? (i ? `${R(i.value)} ${sr(Ut(e, i.measure).unit)}` : `\xA0`) : gr[r],
      ],
    },
    void 0,
    !0,
    { fileName: ef, lineNumber: 113, columnNumber: 5 },
    this,
  )
}
var af = [
    {
      path: ``,
      title: `Overview`,
      page: Ud,
      group: `watch`,
      icon: `M4 13h6V4H4zm0 7h6v-4H4zm10 0h6v-9h-6zm0-16v4h6V4z`,
    },
    {
      path: `alarms`,
      title: `Alarms`,
      page: jl,
      group: `watch`,
      icon: `M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4`,
    },
    {
      path: `sites`,
      title: `Sites`,
      page: nf,
      group: `watch`,
      icon: `M3 20V9l6 4V9l6 4V4h5v16zM7 16h2m3 0h2m3 0h1`,
    },
    { path: `device`, title: `Device`, page: yu, group: null },
    {
      path: `maintenance`,
      title: `Maintenance`,
      page: _d,
      group: `trades`,
      icon: `M14 7a4 4 0 0 1 5-4l-3 3 2 2 3-3a4 4 0 0 1-5 5L8 18l-3 2-1-1 2-3z`,
    },
    {
      path: `fleet`,
      title: `Fleet`,
      page: fd,
      group: `trades`,
      icon: `M2 6h12v10H2zm12 4h4l4 4v2h-8M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4m12 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4`,
    },
    {
      path: `buildings`,
      title: `Buildings`,
      page: Yl,
      group: `trades`,
      icon: `M5 21V3h14v18M9 7h2m2 0h2M9 11h2m2 0h2M9 15h2m2 0h2M10 21v-3h4v3M3 21h18`,
    },
    {
      path: `devices`,
      title: `Devices`,
      page: Uu,
      group: `manage`,
      icon: `M7 7h10v10H7zM10 10h4v4h-4zM9 3v4m6-4v4M9 17v4m6-4v4M3 9h4m-4 6h4m10-6h4m-4 6h4`,
    },
    {
      path: `quarantine`,
      title: `Quarantine`,
      page: Yd,
      group: `manage`,
      icon: `M12 3 20 6v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM12 8v5m0 3v.5`,
    },
    {
      path: `settings`,
      title: `Settings`,
      page: $d,
      group: `manage`,
      icon: `M4 7h10m4 0h2M4 17h2m4 0h10M14 4v6M6 14v6`,
    },
  ],
  of = `telltale.verifier`,
  sf = `telltale.state`
async function cf() {
  try {
    let e = await (await fetch(`./config.json`)).json()
    return e.signIn !== void 0 && e.client !== void 0 ? { signIn: e.signIn, client: e.client } : null
  } catch {
    return null
  }
}
var lf = () => `${location.origin}${location.pathname}`,
  uf = (e) =>
    btoa(String.fromCharCode(...e))
      .replaceAll(`+`, `-`)
      .replaceAll(`/`, `_`)
      .replaceAll(`=`, ``),
  df = () => uf(crypto.getRandomValues(new Uint8Array(32)))
async function ff({ signIn: e, client: t }) {
  let n = df(),
    r = df()
  ;(sessionStorage.setItem(of, n), sessionStorage.setItem(sf, r))
  let i = await crypto.subtle.digest(`SHA-256`, new TextEncoder().encode(n)),
    a = new URLSearchParams({
      response_type: `code`,
      client_id: t,
      redirect_uri: lf(),
      scope: `openid email`,
      state: r,
      code_challenge_method: `S256`,
      code_challenge: uf(new Uint8Array(i)),
    })
  location.assign(`${e}/oauth2/authorize?${a.toString()}`)
}
async function pf({ signIn: e, client: t }) {
  let n = new URLSearchParams(location.search),
    r = n.get(`code`),
    i = sessionStorage.getItem(of)
  if (r === null || i === null || n.get(`state`) !== sessionStorage.getItem(sf)) return !1
  ;(sessionStorage.removeItem(of),
    sessionStorage.removeItem(sf),
    history.replaceState(null, ``, location.pathname + location.hash))
  let a = await fetch(`${e}/oauth2/token`, {
    method: `POST`,
    headers: { 'content-type': `application/x-www-form-urlencoded` },
    body: new URLSearchParams({
      grant_type: `authorization_code`,
      client_id: t,
      redirect_uri: lf(),
      code: r,
      code_verifier: i,
    }),
  })
  if (!a.ok) return !1
  let { id_token: o } = await a.json()
  return (jt(o), !0)
}
var mf = `/work/main/dashboard/src/session/sign-in.tsx`
function hf() {
  let [e, t] = N(null),
    [n, r] = N(null)
  De(() => {
    ;((document.title = `Sign in · Telltale`),
      cf()
        .then(async (e) => {
          ;(t(e), e && (await pf(e)))
        })
        .catch((e) => r(Dt(e))))
  }, [])
  async function i(e) {
    e.preventDefault()
    let t = Ln(new FormData(e.currentTarget), `token`).trim()
    if (t !== ``)
      try {
        ;(await F(`/v1/health`, { headers: { authorization: `Bearer ${t}` } }), jt(t))
      } catch (e) {
        r(Dt(e))
      }
  }
  let a = n ?? kt.value
  return L(
    `main`,
    {
      class: `sign-in`,
      children: L(
        `form`,
        {
          onSubmit: (e) => void i(e),
          children: [
            L(
              `h1`,
              { children: `Telltale` },
              void 0,
              !1,
              { fileName: mf, lineNumber: 41, columnNumber: 9 },
              this,
            ),
            e
              ? L(
                  x,
                  {
                    children: [
                      L(
                        `p`,
                        { children: `You sign in on your organisation’s page and come back here.` },
                        void 0,
                        !1,
                        { fileName: mf, lineNumber: 44, columnNumber: 13 },
                        this,
                      ),
                      L(
                        `button`,
                        { type: `button`, class: `primary`, onClick: () => void ff(e), children: `Sign in` },
                        void 0,
                        !1,
                        { fileName: mf, lineNumber: 45, columnNumber: 13 },
                        this,
                      ),
                    ],
                  },
                  void 0,
                  !0,
                  { fileName: mf, lineNumber: 43, columnNumber: 11 },
                  this,
                )
              : L(
                  x,
                  {
                    children: [
                      L(
                        `p`,
                        {
                          children: [
                            `Enter the token that the box printed when it started. It also lies in the file`,
                            ` `,
                            L(
                              `code`,
                              { children: `token` },
                              void 0,
                              !1,
                              { fileName: mf, lineNumber: 53, columnNumber: 15 },
                              this,
                            ),
                            ` of its data directory.`,
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: mf, lineNumber: 51, columnNumber: 13 },
                        this,
                      ),
                      L(
                        `label`,
                        {
                          class: `field`,
                          children: [
                            L(
                              `span`,
                              { children: `Token` },
                              void 0,
                              !1,
                              { fileName: mf, lineNumber: 56, columnNumber: 15 },
                              this,
                            ),
                            L(
                              `input`,
                              {
                                name: `token`,
                                type: `password`,
                                autocomplete: `current-password`,
                                required: !0,
                                autofocus: !0,
                              },
                              void 0,
                              !1,
                              { fileName: mf, lineNumber: 57, columnNumber: 15 },
                              this,
                            ),
                          ],
                        },
                        void 0,
                        !0,
                        { fileName: mf, lineNumber: 55, columnNumber: 13 },
                        this,
                      ),
                      L(
                        `button`,
                        { type: `submit`, class: `primary`, children: `Sign in` },
                        void 0,
                        !1,
                        { fileName: mf, lineNumber: 59, columnNumber: 13 },
                        this,
                      ),
                    ],
                  },
                  void 0,
                  !0,
                  { fileName: mf, lineNumber: 50, columnNumber: 11 },
                  this,
                ),
            a && L(yr, { problem: a }, void 0, !1, { fileName: mf, lineNumber: 64, columnNumber: 19 }, this),
          ],
        },
        void 0,
        !0,
        { fileName: mf, lineNumber: 40, columnNumber: 7 },
        this,
      ),
    },
    void 0,
    !1,
    { fileName: mf, lineNumber: 39, columnNumber: 5 },
    this,
  )
}
var gf = `/work/main/dashboard/src/shell/head.tsx`,
  _f = { live: `Live`, polling: `Polling`, connecting: `Connecting`, lost: `Reconnecting` }
function vf({ title: e }) {
  let t = un.value,
    n = Zt() - t,
    r = t > 0 && n > 15e3,
    i = $t.value?.code === `no_connection` || r ? `lost` : ln.value,
    a = Qt.value?.conditions ?? []
  return L(
    `header`,
    {
      class: `head`,
      children: [
        L(`h1`, { children: e }, void 0, !1, { fileName: gf, lineNumber: 23, columnNumber: 7 }, this),
        a.length > 0 &&
          L(
            `a`,
            {
              class: `chip degraded`,
              href: `#/settings`,
              title: a.map(({ text: e }) => e).join(`
`),
              children: [`Degraded: `, ar(a.length, `condition`)],
            },
            void 0,
            !0,
            { fileName: gf, lineNumber: 25, columnNumber: 9 },
            this,
          ),
        L(
          `div`,
          {
            class: `heard`,
            title: `Times are shown in ${Vn()}`,
            children: [
              L(
                `span`,
                {
                  class: `live ${i}`,
                  children: [
                    L(
                      `i`,
                      { 'aria-hidden': `true` },
                      void 0,
                      !1,
                      { fileName: gf, lineNumber: 31, columnNumber: 11 },
                      this,
                    ),
                    L(
                      `span`,
                      { children: _f[i] },
                      void 0,
                      !1,
                      { fileName: gf, lineNumber: 32, columnNumber: 11 },
                      this,
                    ),
                  ],
                },
                void 0,
                !0,
                { fileName: gf, lineNumber: 30, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                {
                  class: `updated`,
                  children: [
                    `updated `,
                    L(
                      `b`,
                      { children: t > 0 ? Kn(t) : `--:--:--` },
                      void 0,
                      !1,
                      { fileName: gf, lineNumber: 35, columnNumber: 19 },
                      this,
                    ),
                    r && ` (${er(n)} ago)`,
                  ],
                },
                void 0,
                !0,
                { fileName: gf, lineNumber: 34, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                { class: `zone`, children: Vn() },
                void 0,
                !1,
                { fileName: gf, lineNumber: 38, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: gf, lineNumber: 29, columnNumber: 7 },
          this,
        ),
        L(
          `button`,
          {
            type: `button`,
            class: `quiet`,
            'aria-label': `Switch between dark and light`,
            onClick: () => Ir(document.documentElement.dataset.theme === `dark` ? `light` : `dark`),
            children: L(
              `svg`,
              {
                viewBox: `0 0 24 24`,
                width: `18`,
                height: `18`,
                'aria-hidden': `true`,
                'data-choice': Mr.value,
                children: [
                  L(
                    `path`,
                    { d: `M12 3a9 9 0 1 0 0 18z`, class: `filled` },
                    void 0,
                    !1,
                    { fileName: gf, lineNumber: 47, columnNumber: 11 },
                    this,
                  ),
                  L(
                    `path`,
                    { d: `M12 3a9 9 0 0 1 0 18` },
                    void 0,
                    !1,
                    { fileName: gf, lineNumber: 48, columnNumber: 11 },
                    this,
                  ),
                ],
              },
              void 0,
              !0,
              { fileName: gf, lineNumber: 46, columnNumber: 9 },
              this,
            ),
          },
          void 0,
          !1,
          { fileName: gf, lineNumber: 40, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: gf, lineNumber: 22, columnNumber: 5 },
    this,
  )
}
var yf = `/work/main/dashboard/src/shell/navigation.tsx`,
  bf = [
    [`watch`, `Watch`],
    [`trades`, `Trades`],
    [`manage`, `Manage`],
  ]
function xf({ path: e }) {
  let [t, n] = N(!1),
    r = I.value?.filter(bn).length ?? 0
  return L(
    `nav`,
    {
      class: t ? `navigation open` : `navigation`,
      'aria-label': `Pages`,
      children: [
        L(
          `div`,
          {
            class: `brand`,
            children: [
              L(
                `svg`,
                {
                  viewBox: `0 0 32 32`,
                  width: `26`,
                  height: `26`,
                  'aria-hidden': `true`,
                  children: L(
                    `path`,
                    { d: `M2 18h7l3-10 6 17 3-10 2 3h7` },
                    void 0,
                    !1,
                    { fileName: yf, lineNumber: 18, columnNumber: 11 },
                    this,
                  ),
                },
                void 0,
                !1,
                { fileName: yf, lineNumber: 17, columnNumber: 9 },
                this,
              ),
              L(
                `span`,
                { children: `Telltale` },
                void 0,
                !1,
                { fileName: yf, lineNumber: 20, columnNumber: 9 },
                this,
              ),
              L(
                `button`,
                {
                  type: `button`,
                  class: `quiet menu`,
                  'aria-expanded': t,
                  'aria-controls': `pages`,
                  onClick: () => n(!t),
                  children: `Menu`,
                },
                void 0,
                !1,
                { fileName: yf, lineNumber: 21, columnNumber: 9 },
                this,
              ),
            ],
          },
          void 0,
          !0,
          { fileName: yf, lineNumber: 16, columnNumber: 7 },
          this,
        ),
        L(
          `div`,
          {
            id: `pages`,
            class: `pages`,
            children: bf.map(([t, i]) =>
              L(
                `div`,
                {
                  children: [
                    L(
                      `p`,
                      { class: `group`, children: i },
                      void 0,
                      !1,
                      { fileName: yf, lineNumber: 34, columnNumber: 13 },
                      this,
                    ),
                    L(
                      `ul`,
                      {
                        children: af
                          .filter(({ group: e }) => e === t)
                          .map((t) =>
                            L(
                              `li`,
                              {
                                children: L(
                                  `a`,
                                  {
                                    href: `#/${t.path}`,
                                    'aria-current': t.path === e ? `page` : void 0,
                                    onClick: () => n(!1),
                                    children: [
                                      L(
                                        `svg`,
                                        {
                                          viewBox: `0 0 24 24`,
                                          width: `18`,
                                          height: `18`,
                                          'aria-hidden': `true`,
                                          children: L(
                                            `path`,
                                            { d: t.icon },
                                            void 0,
                                            !1,
                                            { fileName: yf, lineNumber: 46, columnNumber: 25 },
                                            this,
                                          ),
                                        },
                                        void 0,
                                        !1,
                                        { fileName: yf, lineNumber: 45, columnNumber: 23 },
                                        this,
                                      ),
                                      t.title,
                                      t.path === `alarms` &&
                                        r > 0 &&
                                        L(
                                          `span`,
                                          {
                                            class: `count`,
                                            title: `${r} not acknowledged`,
                                            children: [
                                              r,
                                              L(
                                                `span`,
                                                { class: `visually-hidden`, children: ` not acknowledged` },
                                                void 0,
                                                !1,
                                                { fileName: yf, lineNumber: 52, columnNumber: 27 },
                                                this,
                                              ),
                                            ],
                                          },
                                          void 0,
                                          !0,
                                          { fileName: yf, lineNumber: 50, columnNumber: 25 },
                                          this,
                                        ),
                                    ],
                                  },
                                  void 0,
                                  !0,
                                  { fileName: yf, lineNumber: 40, columnNumber: 21 },
                                  this,
                                ),
                              },
                              t.path,
                              !1,
                              { fileName: yf, lineNumber: 39, columnNumber: 19 },
                              this,
                            ),
                          ),
                      },
                      void 0,
                      !1,
                      { fileName: yf, lineNumber: 35, columnNumber: 13 },
                      this,
                    ),
                  ],
                },
                t,
                !0,
                { fileName: yf, lineNumber: 33, columnNumber: 11 },
                this,
              ),
            ),
          },
          void 0,
          !1,
          { fileName: yf, lineNumber: 31, columnNumber: 7 },
          this,
        ),
      ],
    },
    void 0,
    !0,
    { fileName: yf, lineNumber: 15, columnNumber: 5 },
    this,
  )
}
var Sf = `/work/main/dashboard/src/shell/app.tsx`
function Cf() {
  return Ot.value
    ? L(wf, {}, Ot.value.token, !1, { fileName: Sf, lineNumber: 14, columnNumber: 26 }, this)
    : L(hf, {}, void 0, !1, { fileName: Sf, lineNumber: 14, columnNumber: 67 }, this)
}
function wf() {
  De(Dn, [])
  let [e = ``] = Tr.value.parts,
    t = af.find((t) => t.path === e),
    n = t?.title ?? `Nothing here`
  return (
    De(() => {
      ;((document.title = `${n} · Telltale`), scrollTo(0, 0))
    }, [n]),
    L(
      `div`,
      {
        class: `shell`,
        children: [
          L(
            `a`,
            { class: `skip`, href: `#main`, onClick: Tf, children: `Skip to the content` },
            void 0,
            !1,
            { fileName: Sf, lineNumber: 28, columnNumber: 7 },
            this,
          ),
          L(xf, { path: e }, void 0, !1, { fileName: Sf, lineNumber: 31, columnNumber: 7 }, this),
          L(
            `div`,
            {
              class: `beside`,
              children: [
                L(vf, { title: n }, void 0, !1, { fileName: Sf, lineNumber: 33, columnNumber: 9 }, this),
                L(
                  `main`,
                  {
                    id: `main`,
                    tabIndex: -1,
                    children: [
                      $t.value &&
                        L(
                          yr,
                          { problem: $t.value },
                          void 0,
                          !1,
                          { fileName: Sf, lineNumber: 35, columnNumber: 35 },
                          this,
                        ),
                      t
                        ? Rt.value
                          ? L(
                              t.page,
                              {},
                              t.path,
                              !1,
                              { fileName: Sf, lineNumber: 41, columnNumber: 13 },
                              this,
                            )
                          : L(
                              Sr,
                              { lines: 8 },
                              void 0,
                              !1,
                              { fileName: Sf, lineNumber: 43, columnNumber: 13 },
                              this,
                            )
                        : L(
                            br,
                            {
                              title: `There is no page at this address`,
                              children: L(
                                `a`,
                                { href: `#/`, children: `Go to the overview` },
                                void 0,
                                !1,
                                { fileName: Sf, lineNumber: 38, columnNumber: 15 },
                                this,
                              ),
                            },
                            void 0,
                            !1,
                            { fileName: Sf, lineNumber: 37, columnNumber: 13 },
                            this,
                          ),
                    ],
                  },
                  void 0,
                  !0,
                  { fileName: Sf, lineNumber: 34, columnNumber: 9 },
                  this,
                ),
              ],
            },
            void 0,
            !0,
            { fileName: Sf, lineNumber: 32, columnNumber: 7 },
            this,
          ),
        ],
      },
      void 0,
      !0,
      { fileName: Sf, lineNumber: 27, columnNumber: 5 },
      this,
    )
  )
}
function Tf(e) {
  ;(e.preventDefault(), document.getElementById(`main`)?.focus())
}
;(Fr(),
  Nt(),
  M(
    L(
      Cf,
      {},
      void 0,
      !1,
      { fileName: `/work/main/dashboard/src/main.tsx`, lineNumber: 13, columnNumber: 8 },
      void 0,
    ),
    document.getElementById(`app`) ?? document.body,
  ))
export { Rr as t }
