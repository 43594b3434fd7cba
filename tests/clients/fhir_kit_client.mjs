// fhir-kit-client as it comes from its registry, against a running hub.
// Usage: HUB_URL=http://127.0.0.1:8080/v1 HUB_TOKEN=… node fhir_kit_client.mjs
import assert from 'node:assert/strict';
import test from 'node:test';
import { CapabilityTool, Client } from 'fhir-kit-client';

const { HUB_URL: baseUrl, HUB_TOKEN: bearerToken } = process.env;
assert.ok(baseUrl && bearerToken, 'HUB_URL and HUB_TOKEN say which hub to talk to');

const hub = new Client({ baseUrl, bearerToken });
const resourceType = 'LocalCenter';
const run = `Run ${Date.now()}`;

const aCenter = (changes = {}) => ({
  resourceType,
  name: `${run} Center`,
  centerType: 'win-job-center',
  isComprehensiveOneStop: false,
  agency: { reference: 'Agency/mdes' },
  localWorkforceArea: 'delta',
  city: 'Testville',
  state: 'MS',
  countyFips: '28151',
  status: 'active',
  ...changes,
});

let counter = 0;
const aProfile = () => ({
  resourceType: 'ParticipantProfile',
  firstName: 'Elvis',
  lastName: 'Testcase',
  birthDate: '1990-01-08',
  pirlUniqueId: `${Date.now()}${counter++}`.slice(-12),
  employmentStatus: '0',
  educationLevel: '0',
  status: 'active',
});

const create = (body) => hub.create({ resourceType: body.resourceType, body });
const headers = (result) => Client.httpFor(result).response.headers;
const refused = (status, code) => ({ response }) => {
  assert.equal(response.status, status);
  assert.equal(response.data.resourceType, 'OperationOutcome');
  if (code) assert.equal(response.data.issue[0].details.coding[0].code, code);
  return true;
};

test('create answers the resource, where it is and its tag', async () => {
  const made = await create(aCenter());

  assert.equal(made.meta.versionId, '1');
  assert.equal(headers(made).get('location'), `${baseUrl}/${resourceType}/${made.id}/_history/1`);
  assert.equal(headers(made).get('etag'), 'W/"1"');
  assert.ok(Date.parse(headers(made).get('last-modified')));
  assert.equal(headers(made).get('content-type'), 'application/fhir+json');
});

test('read, update and vread', async () => {
  const { id, ...made } = await create(aCenter());
  const body = { ...made, id, city: 'Newtown' };

  const updated = await hub.update({ resourceType, id, body });

  assert.equal(headers(updated).get('etag'), 'W/"2"');
  assert.deepEqual(await hub.read({ resourceType, id }), updated);
  assert.equal((await hub.vread({ resourceType, id, version: '1' })).city, 'Testville');
  assert.equal((await hub.resolve({ reference: `${resourceType}/${id}` })).city, 'Newtown');
});

test('a read of what the client has is 304', async () => {
  const { id } = await create(aCenter());
  const options = { headers: { 'If-None-Match': 'W/"1"' } };

  await assert.rejects(hub.read({ resourceType, id, options }), { response: { status: 304, data: {} } });
});

test('a stale If-Match is refused on update and delete', async () => {
  const { id, ...made } = await create(aProfile());
  const kind = made.resourceType;
  const held = { headers: { 'If-Match': 'W/"1"' } };
  const body = { ...made, id, lastName: 'First' };
  await hub.update({ resourceType: kind, id, body, options: held });

  const second = hub.update({ resourceType: kind, id, body: { ...body, lastName: 'Second' }, options: held });
  await assert.rejects(second, refused(412, 'version-conflict'));
  await assert.rejects(hub.delete({ resourceType: kind, id, options: held }), refused(412));

  assert.equal((await hub.read({ resourceType: kind, id })).lastName, 'First');
});

test('a change of a versioned type without If-Match is refused', async () => {
  const { id, ...made } = await create(aProfile());
  const change = hub.update({ resourceType: made.resourceType, id, body: { ...made, lastName: 'X' } });

  await assert.rejects(change, refused(428, 'precondition-required'));
});

test('delete is repeatable, then read is gone', async () => {
  const { id, resourceType: kind } = await create(aProfile());
  const options = { headers: { 'If-Match': '*' } };

  const gone = await hub.delete({ resourceType: kind, id, options });

  assert.equal(Client.httpFor(gone).response.status, 204);
  const again = await hub.delete({ resourceType: kind, id, options });
  assert.equal(Client.httpFor(again).response.status, 204);
  await assert.rejects(hub.read({ resourceType: kind, id }), refused(410, 'deleted'));
});

test('search pages forward, and names and values may be percent-encoded', async () => {
  const names = [0, 1, 2, 3, 4].map((number) => `${run} Page+Center ${number}`);
  for (const name of names) await create(aCenter({ name }));
  const searchParams = { 'name:contains': `${run} page+center`, _sort: 'name', _count: 2 };

  const found = [];
  let pages = 0;
  let bundle = await hub.search({ resourceType, searchParams });
  for (; bundle; bundle = await hub.nextPage({ bundle })) {
    found.push(...bundle.entry.map(({ resource }) => resource.name));
    pages += 1;
  }

  assert.deepEqual(found, names);
  assert.equal(pages, 3);
});

test('the way back is offered by a link or not at all', async () => {
  const first = await hub.search({ resourceType, searchParams: { _count: 1 } });
  const second = await hub.nextPage({ bundle: first });

  const back = await hub.prevPage({ bundle: second });

  if (back !== undefined) assert.deepEqual(back.entry, first.entry);
  assert.equal(await hub.prevPage({ bundle: first }), undefined);
});

test('a search may be a form, whose pages are followed', async () => {
  const names = [0, 1, 2].map((number) => `${run} Form & Center ${number}`);
  for (const name of names) await create(aCenter({ name }));
  const searchParams = { 'name:contains': `${run} form & center`, _sort: 'name', _count: 2 };

  const first = await hub.resourceSearch({ resourceType, searchParams, options: { postSearch: true } });
  const second = await hub.nextPage({ bundle: first });

  const found = [...first.entry, ...second.entry].map(({ resource }) => resource.name);
  assert.deepEqual(found, names);
});

test('several types are searched at once', async () => {
  const { id } = await create(aCenter());
  const searchParams = { _type: 'Agency,LocalCenter', _id: `${id},mdes` };

  const system = await hub.systemSearch({ searchParams });
  const form = await hub.systemSearch({ searchParams, options: { postSearch: true } });

  const types = system.entry.map(({ resource }) => resource.resourceType).sort();
  assert.deepEqual(types, ['Agency', 'LocalCenter']);
  assert.deepEqual(form.entry, system.entry);
});

test('the compartment of a participant holds what points at it', async () => {
  const { id } = await create(aProfile());
  const compartment = { resourceType: 'ParticipantProfile', id };

  const empty = await hub.compartmentSearch({ resourceType: 'Referral', compartment });

  assert.equal(empty.type, 'searchset');
  assert.equal(empty.entry, undefined);
  const options = { postSearch: true };
  const form = await hub.compartmentSearch({ resourceType: 'Referral', compartment, options });
  assert.deepEqual(form.link, empty.link);
  const outside = hub.compartmentSearch({ resourceType: 'Agency', compartment });
  await assert.rejects(outside, refused(404, 'not-found'));
});

test('chains are followed and what is referred to comes along', async () => {
  const { id } = await create(aCenter());
  const agency = (await hub.read({ resourceType: 'Agency', id: 'mdes' }));
  const searchParams = { 'agency:Agency.name:exact': agency.name, _id: id, _include: 'LocalCenter:agency' };

  const bundle = await hub.search({ resourceType, searchParams });
  const has = await hub.search({
    resourceType: 'Agency',
    searchParams: { '_has:LocalCenter:agency:_id': id },
  });

  assert.deepEqual(bundle.entry.map(({ search }) => search.mode), ['match', 'include']);
  assert.deepEqual(bundle.entry[1].resource, agency);
  assert.deepEqual(has.entry.map(({ resource }) => resource.id), ['mdes']);
});

test('an unknown parameter is refused', async () => {
  const search = hub.search({ resourceType, searchParams: { citty: 'Testville' } });

  await assert.rejects(search, refused(400, 'bad-parameter'));
});

test('history of an instance, a type and the system', async () => {
  const { id, ...made } = await create(aCenter());
  await hub.update({ resourceType, id, body: { ...made, city: 'Newtown' } });

  const instance = await hub.history({ resourceType, id });
  const ofType = await hub.history({ resourceType });
  const system = await hub.history();
  const further = await hub.nextPage({ bundle: system });

  const cities = instance.entry.map(({ resource }) => resource.city);
  assert.deepEqual(cities, ['Newtown', 'Testville']);
  assert.deepEqual(instance.entry.map(({ request }) => request.method), ['PUT', 'POST']);
  assert.deepEqual(ofType.entry[0], instance.entry[0]);
  assert.deepEqual(system.entry.slice(0, 2), instance.entry);
  assert.ok(further.entry.every(({ resource }) => resource.id !== id));
});

test('$validate answers an outcome for good and bad', async () => {
  const validate = (input) => hub.operation({ name: 'validate', resourceType, input });
  const parameter = [{ name: 'resource', resource: aCenter({ status: 'open' }) }];

  const good = await validate(aCenter());
  const bad = await validate({ resourceType: 'Parameters', parameter });

  assert.equal(good.issue[0].severity, 'information');
  assert.deepEqual(bad.issue[0].expression, [`${resourceType}.status`]);
});

test('create with If-None-Exist creates once', async () => {
  const body = aCenter({ name: `${run} Only One` });
  const options = { headers: { 'If-None-Exist': `name:exact=${run} Only One` } };

  const first = await hub.create({ resourceType, body, options });
  const again = await hub.create({ resourceType, body, options });

  assert.equal(Client.httpFor(first).response.status, 201);
  assert.equal(Client.httpFor(again).response.status, 200);
  assert.equal(again.id, first.id);
});

test('patch is JSON Patch, with its own test and If-Match', async () => {
  const { id } = await create(aCenter());
  const jsonPatch = [
    { op: 'test', path: '/city', value: 'Testville' },
    { op: 'replace', path: '/city', value: 'Patchton' },
  ];

  const patched = await hub.patch({ resourceType, id, jsonPatch });
  const again = hub.patch({ resourceType, id, jsonPatch });
  await assert.rejects(again, refused(422));
  const options = { headers: { 'If-Match': 'W/"1"' } };
  const stale = hub.patch({ resourceType, id, jsonPatch: [jsonPatch[1]], options });
  await assert.rejects(stale, refused(412, 'version-conflict'));

  assert.equal(patched.city, 'Patchton');
  assert.equal(headers(patched).get('etag'), 'W/"2"');
});

test('a transaction is all or nothing, and its entries refer to each other', async () => {
  const post = (resource, fullUrl) => ({
    fullUrl, resource, request: { method: 'POST', url: resource.resourceType },
  });
  const fullUrl = 'urn:uuid:0a0b0c0d-0000-4000-8000-000000000001';
  const category = (changes) => ({
    resourceType: 'ServiceCategory',
    name: `${run} Category`,
    authority: '20 CFR 678.430',
    triggersParticipation: false,
    extendsParticipation: false,
    credentialDenominator: 'no',
    status: 'active',
    ...changes,
  });
  const child = category({ parent: { reference: fullUrl } });
  const bundle = (...entry) => ({ resourceType: 'Bundle', type: 'transaction', entry });

  const done = await hub.transaction({ body: bundle(post(child), post(category(), fullUrl)) });
  const bad = hub.transaction({ body: bundle(post(aCenter()), post(category({ status: 'odd' }))) });
  await assert.rejects(bad, ({ response }) => {
    assert.deepEqual(response.data.issue[0].expression, ['Bundle.entry[1].resource.status']);
    return refused(422)({ response });
  });

  const [first, second] = done.entry;
  assert.equal(done.type, 'transaction-response');
  assert.equal(first.resource.parent.reference, `ServiceCategory/${second.resource.id}`);
  assert.equal(second.response.location, `${second.fullUrl}/_history/1`);
});

test('a batch answers each entry', async () => {
  const { id } = await create(aCenter());
  const ask = (url) => ({ request: { method: 'GET', url } });
  const entry = [ask(`${resourceType}/${id}`), ask(`${resourceType}/nowhere`)];

  const done = await hub.batch({ body: { resourceType: 'Bundle', type: 'batch', entry } });

  assert.equal(done.type, 'batch-response');
  assert.deepEqual(done.entry.map(({ response }) => response.status), ['200', '404']);
  assert.equal(done.entry[0].resource.id, id);
});

test('metadata says what the type can do', async () => {
  const statement = await hub.capabilityStatement();
  const can = new CapabilityTool(statement);

  for (const each of ['read', 'vread', 'create', 'update', 'patch', 'search-type', 'history-instance']) {
    assert.ok(can.resourceCan(resourceType, each), each);
  }
  assert.ok(can.resourceSearch(resourceType, 'name'));
  assert.ok(can.serverCan('batch') && can.serverCan('transaction'));
});

test('the token endpoint is discovered', async () => {
  const { tokenUrl } = await hub.smartAuthMetadata();

  assert.equal(tokenUrl.href, `${baseUrl}/oauth/token`);
});

test('what does not exist is refused as an outcome', async () => {
  await assert.rejects(hub.read({ resourceType, id: 'nowhere' }), refused(404, 'not-found'));
  await assert.rejects(hub.read({ resourceType: 'Patient', id: 'x' }), refused(404, 'unknown-type'));
  const stranger = new Client({ baseUrl, bearerToken: 'nonsense' });
  await assert.rejects(stranger.read({ resourceType, id: 'x' }), refused(401, 'unauthenticated'));
});
